//! Values into TOML: keys sorted, scalars before tables, tables indented by their depth.

use iac_gotemplate::{Kind, Map, Value, strconv};
use iac_model::{OriginId, Store, Text, TextBuilder};

/// Prints a value; strings keep their runs. The error is what `toToml` returns instead.
pub(super) fn to_toml(store: &Store, value: &Value) -> Result<Text, String> {
    let mut writer = Writer { store, out: TextBuilder::new(), path: Vec::new() };
    writer.value(value)?;
    Ok(writer.out.finish_or(|| value.origin))
}

struct Writer<'s> {
    store: &'s Store,
    out: TextBuilder,
    /// The keys that lead to the current table.
    path: Vec<Text>,
}

/// What TOML makes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    /// A table.
    Hash,
    /// A list of tables.
    Hashes,
    /// Nil: it is left out.
    None,
    /// Anything that stands behind `=`.
    Scalar,
}

const NIL_ELEMENT: &str = "toml: cannot encode array with nil element";

/// BurntSushi: encode.go, tomlTypeOfGo.
fn type_of(value: &Value) -> Result<Type, String> {
    Ok(match &value.kind {
        Kind::Nil => Type::None,
        Kind::Map(map) if map.is_nil() => Type::None,
        Kind::Map(_) => Type::Hash,
        Kind::List(list) if list.is_nil() => Type::None,
        Kind::List(list) => {
            let mut hashes = !list.is_empty();
            for item in list {
                match type_of(item)? {
                    Type::None => return Err(NIL_ELEMENT.into()),
                    Type::Hash => {}
                    Type::Hashes | Type::Scalar => hashes = false,
                }
            }
            if hashes { Type::Hashes } else { Type::Scalar }
        }
        _ => Type::Scalar,
    })
}

impl Writer<'_> {
    /// Writes the value of the current path.
    fn value(&mut self, value: &Value) -> Result<(), String> {
        match (&value.kind, type_of(value)?) {
            (_, Type::None) => Ok(()),
            (Kind::Map(map), _) => {
                if self.path.len() == 1 {
                    self.line_break(value.origin);
                }
                if !self.path.is_empty() {
                    self.header("[", "]", value.origin);
                }
                self.table(map)
            }
            (Kind::List(list), Type::Hashes) => {
                if self.path.is_empty() {
                    return Err("toml: top-level values must be Go maps or structs".into());
                }
                for item in list {
                    let Kind::Map(map) = &item.kind else { continue };
                    self.line_break(item.origin);
                    self.header("[[", "]]", item.origin);
                    self.table(map)?;
                }
                Ok(())
            }
            _ => match self.path.last().cloned() {
                None => self.element(value),
                Some(key) => {
                    self.indent(value.origin);
                    self.key(&key);
                    self.out.push(" = ", value.origin);
                    self.element(value)?;
                    self.line_break(value.origin);
                    Ok(())
                }
            },
        }
    }

    fn header(&mut self, open: &str, close: &str, origin: OriginId) {
        self.indent(origin);
        self.out.push(open, origin);
        let path = std::mem::take(&mut self.path);
        for (at, key) in path.iter().enumerate() {
            if at > 0 {
                self.out.push(".", origin);
            }
            self.key(key);
        }
        self.path = path;
        self.out.push(close, origin);
        self.line_break(origin);
    }

    fn table(&mut self, map: &Map) -> Result<(), String> {
        for (key, value) in sorted(map)? {
            self.path.push(key);
            self.value(&value)?;
            self.path.pop();
        }
        Ok(())
    }

    /// Writes a value behind `=` or in a list.
    fn element(&mut self, value: &Value) -> Result<(), String> {
        let origin = value.origin;
        match &value.kind {
            Kind::Bool(bool) => self.out.push(bool.to_string(), origin),
            Kind::Bytes(text) => {
                let numbers: Vec<String> = text.bytes().iter().map(u8::to_string).collect();
                self.out.push(format!("[{}]", numbers.join(", ")), origin);
            }
            Kind::Complex(_) => return Err("unexpected type: complex128".into()),
            Kind::Float(float) => self.out.push(float_text(*float), origin),
            Kind::Int(int) | Kind::Int64(int) => self.out.push(int.to_string(), origin),
            Kind::List(list) => {
                self.out.push("[", origin);
                for (at, item) in list.iter().enumerate() {
                    if at > 0 {
                        self.out.push(", ", origin);
                    }
                    self.element(item)?;
                }
                self.out.push("]", origin);
            }
            Kind::Map(map) => self.inline_table(map, origin)?,
            Kind::Nil => return Err(NIL_ELEMENT.into()),
            Kind::Object(object) => match object.to_json() {
                // A time stands as it is, all else that prints itself in quotes.
                Some(json) if object.type_name() == "time.Time" => {
                    let text = json.as_str().unwrap_or_default();
                    let printed = object.print().unwrap_or_default();
                    // Times that TOML gave no offset have none again.
                    let shown = match printed.rsplit(' ').next() {
                        Some("datetime-local") => text.trim_end_matches('Z'),
                        Some("date-local") => text.get(..10).unwrap_or(text),
                        Some("time-local") => text.get(11..).unwrap_or(text).trim_end_matches('Z'),
                        _ => text,
                    };
                    self.out.push(shown, origin);
                }
                Some(json) => self.element(&json)?,
                None => self.quoted(&Text::new(object.print().unwrap_or_default(), origin)),
            },
            Kind::String(text) => self.quoted(text),
            Kind::Uint64(int) => self.out.push(int.to_string(), origin),
            Kind::Uint8(int) => self.out.push(int.to_string(), origin),
            Kind::Unknown(symbol) => self.quoted(&Text::symbol(&self.store.symbols, *symbol, origin)),
        }
        Ok(())
    }

    /// BurntSushi: encode.go, eMap. A nil value leaves the comma of the one before it.
    fn inline_table(&mut self, map: &Map, origin: OriginId) -> Result<(), String> {
        let entries = sorted(map)?;
        self.out.push("{", origin);
        for (at, (key, value)) in entries.iter().enumerate() {
            if type_of(value)? == Type::None {
                continue;
            }
            self.key(key);
            self.out.push(" = ", origin);
            self.element(value)?;
            if at + 1 < entries.len() {
                self.out.push(", ", origin);
            }
        }
        self.out.push("}", origin);
        Ok(())
    }

    fn key(&mut self, key: &Text) {
        let bare = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !key.is_empty() && key.bytes().iter().all(bare) {
            self.out.push_text(key);
        } else {
            self.quoted(key);
        }
    }

    fn quoted(&mut self, text: &Text) {
        let origin = text.origin();
        self.out.push("\"", origin);
        let mut plain = 0;
        for (at, &byte) in text.bytes().iter().enumerate() {
            let Some(escape) = escape(byte) else { continue };
            self.out.push_slice(text, plain..at);
            self.out.push(escape, text.run_at(at).origin);
            plain = at + 1;
        }
        self.out.push_slice(text, plain..text.len());
        self.out.push("\"", origin);
    }

    fn indent(&mut self, origin: OriginId) {
        let depth = self.path.len().saturating_sub(1);
        self.out.push("  ".repeat(depth), origin);
    }

    /// Nothing stands in front of the first line.
    fn line_break(&mut self, origin: OriginId) {
        if !self.out.is_empty() {
            self.out.push("\n", origin);
        }
    }
}

/// The entries of a table: what stands behind `=`, then tables; each sorted bytewise.
fn sorted(map: &Map) -> Result<Vec<(Text, Value)>, String> {
    let (mut direct, mut tables) = (Vec::new(), Vec::new());
    for (key, value) in map.entries() {
        match type_of(&value)? {
            Type::Hash | Type::Hashes => tables.push((key, value)),
            Type::None | Type::Scalar => direct.push((key, value)),
        }
    }
    direct.append(&mut tables);
    Ok(direct)
}

fn escape(byte: u8) -> Option<String> {
    Some(match byte {
        b'"' => "\\\"".into(),
        b'\\' => "\\\\".into(),
        0x8 => "\\b".into(),
        b'\t' => "\\t".into(),
        b'\n' => "\\n".into(),
        0xc => "\\f".into(),
        b'\r' => "\\r".into(),
        0..0x20 | 0x7f => format!("\\u{byte:04x}"),
        _ => return None,
    })
}

fn float_text(float: f64) -> String {
    if float.is_nan() {
        return if float.is_sign_negative() { "-nan".into() } else { "nan".into() };
    }
    if float.is_infinite() {
        return if float < 0.0 { "-inf".into() } else { "inf".into() };
    }
    let text = strconv::format_float(float, 'g', None);
    if text.contains(['e', '.']) { text } else { format!("{text}.0") }
}
