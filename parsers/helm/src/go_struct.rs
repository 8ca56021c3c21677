//! Go structs that templates see.

use std::any::Any;
use std::rc::Rc;

use iac_gotemplate::{Kind, Object, Value};
use iac_model::{OriginId, Text};

/// A struct without methods, or a pointer to one.
#[derive(Debug)]
pub(crate) struct GoStruct {
    /// As `%T` prints it; a pointer starts with `*`.
    pub(crate) type_name: &'static str,
    /// The fields in the order of their declaration.
    pub(crate) fields: Vec<Field>,
    /// Why it is here.
    pub(crate) origin: OriginId,
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its Go name.
    pub(crate) name: &'static str,
    json: &'static str,
    /// Whether JSON leaves it out when it is empty.
    omit_empty: bool,
    /// Its value.
    pub(crate) value: Value,
}

impl Field {
    /// A field that JSON knows by another name, and leaves out when it is empty.
    pub(crate) fn optional(name: &'static str, json: &'static str, value: Value) -> Self {
        Self { name, json, omit_empty: true, value }
    }

    /// A field that JSON always has.
    pub(crate) fn always(name: &'static str, json: &'static str, value: Value) -> Self {
        Self { name, json, omit_empty: false, value }
    }
}

impl GoStruct {
    /// Makes it a value.
    pub(crate) fn value(type_name: &'static str, fields: Vec<Field>, origin: OriginId) -> Value {
        Value::new(Kind::Object(Rc::new(Self { type_name, fields, origin })), origin)
    }
}

impl Object for GoStruct {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn kind_name(&self) -> &'static str {
        if self.type_name.starts_with('*') { "ptr" } else { "struct" }
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        self.fields.iter().map(|field| (field.name, field.value.clone())).collect()
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.value.clone())
    }

    fn to_json(&self) -> Option<Value> {
        let members = self.json_members()?.into_iter().map(|(name, value)| match &value.kind {
            Kind::Object(object) => (name, object.to_json().unwrap_or(value)),
            _ => (name, value),
        });
        Some(Value::map(members, self.origin))
    }

    fn json_members(&self) -> Option<Vec<(Text, Value)>> {
        let shown = self.fields.iter().filter(|field| !field.omit_empty || field.value.truth());
        Some(shown.map(|field| (Text::new(field.json, self.origin), field.value.clone())).collect())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
