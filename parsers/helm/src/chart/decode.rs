//! Decodes YAML values into typed fields, as sigs.k8s.io/yaml and Go's JSON decoder do together.
//!
//! A number or truth value becomes a string where a string is wanted, as its YAML type prints it: an unquoted
//! `1.10` is the string `1.1`. Field names match in any letter case.

use iac_gotemplate::strconv;
use iac_model::{Entry, Kind, Number, OriginId, Text, Value};

/// A value has another type than the field wants; the text is Go's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into Go {field} of type {wanted}"
)]
pub(crate) struct WrongType {
    /// What JSON calls the value: `array`, `string`.
    pub(crate) found: &'static str,
    /// `struct field Metadata.name`, or `value` at the top.
    pub(crate) field: String,
    /// The Go type of the field.
    pub(crate) wanted: &'static str,
    /// The value in the file.
    pub(crate) origin: OriginId,
}

/// A Go struct as error texts name it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Struct {
    /// `Metadata`; empty if it has no name.
    pub(crate) name: &'static str,
    /// The type with its package: `v2.Metadata`.
    pub(crate) type_name: &'static str,
}

/// The first wrong type counts, and decoding goes on, as in Go.
#[derive(Debug)]
pub(crate) struct Decoder {
    pub(crate) error: Option<WrongType>,
    /// A list that holds a null where an object belongs, which Helm's validation refuses.
    pub(crate) null_in: Option<(&'static str, OriginId)>,
    /// The type whose fields are read.
    structure: Struct,
    /// The names that lead to the current field.
    path: Vec<String>,
}

/// The name of a field as its Go tag has it.
fn printed(lower_case: &str) -> String {
    match lower_case.strip_suffix("version") {
        Some(start @ ("api" | "app" | "kube")) => format!("{start}Version"),
        _ => lower_case.into(),
    }
}

impl Decoder {
    pub(crate) fn new(structure: Struct) -> Self {
        Self { error: None, null_in: None, structure, path: Vec::new() }
    }

    /// Visits the fields of an object inside another.
    pub(crate) fn inner(
        &mut self,
        structure: Struct,
        value: &Value,
        field: impl FnMut(&mut Self, &str, &Value),
    ) -> bool {
        if !matches!(value.kind, Kind::Map(_) | Kind::Null) {
            self.wrong(value, structure.type_name);
            return false;
        }
        let outer = std::mem::replace(&mut self.structure, structure);
        let is_object = self.object(value, field);
        self.structure = outer;
        is_object
    }

    /// Visits the fields of an object in the order of JSON, which sigs.k8s.io/yaml sorts; keys come lower-cased.
    pub(crate) fn object(&mut self, value: &Value, mut field: impl FnMut(&mut Self, &str, &Value)) -> bool {
        match &value.kind {
            Kind::Map(map) => {
                let mut entries: Vec<&Entry> = map.iter().collect();
                entries.sort_by(|a, b| a.key.bytes().cmp(b.key.bytes()));
                for entry in entries {
                    let name = entry.key.to_str_lossy().to_lowercase();
                    self.path.push(printed(&name));
                    field(self, &name, &entry.value);
                    self.path.pop();
                }
                true
            }
            Kind::Null => false,
            _ => {
                self.wrong(value, self.structure.type_name);
                false
            }
        }
    }

    /// Decodes a string; null leaves what is there.
    pub(crate) fn text(&mut self, value: &Value, into: &mut Text) {
        match &value.kind {
            Kind::Null => {}
            Kind::String(text) => *into = text.clone(),
            Kind::Bool(bool) => *into = Text::new(bool.to_string(), value.origin),
            Kind::Number(Number::Float(float)) => {
                *into = Text::new(strconv::format_float_32(*float), value.origin)
            }
            Kind::Number(number) => *into = Text::new(number.to_string(), value.origin),
            // What is not known yet may well be a string.
            Kind::Unknown(_) => {}
            Kind::List(_) | Kind::Map(_) => self.wrong(value, "string"),
        }
    }

    /// Decodes a truth value.
    pub(crate) fn bool(&mut self, value: &Value, into: &mut bool) {
        match value.kind {
            Kind::Null => {}
            Kind::Bool(bool) => *into = bool,
            _ => self.wrong(value, "bool"),
        }
    }

    /// Decodes a list of strings.
    pub(crate) fn texts(&mut self, value: &Value, into: &mut Vec<Text>) {
        self.list(value, "[]string", |decoder, items| {
            into.clear();
            for item in items {
                let mut text = Text::new("", item.origin);
                decoder.text(item, &mut text);
                into.push(text);
            }
        });
    }

    /// Decodes a list, if it is one; null is none.
    pub(crate) fn list(
        &mut self,
        value: &Value,
        wanted: &'static str,
        read: impl FnOnce(&mut Self, &[Value]),
    ) {
        match &value.kind {
            Kind::Null => {}
            Kind::List(items) => read(self, items),
            _ => self.wrong(value, wanted),
        }
    }

    pub(crate) fn wrong(&mut self, value: &Value, wanted: &'static str) {
        let field = match self.path.is_empty() {
            true => "value".to_string(),
            false => format!("struct field {}.{}", self.structure.name, self.path.join(".")),
        };
        let found = match value.kind {
            Kind::Bool(_) => "bool",
            Kind::List(_) => "array",
            Kind::Map(_) => "object",
            Kind::Null => "null",
            Kind::Number(_) => "number",
            Kind::String(_) | Kind::Unknown(_) => "string",
        };
        self.error.get_or_insert(WrongType { found, field, wanted, origin: value.origin });
    }
}
