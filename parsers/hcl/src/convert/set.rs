//! The order and uniqueness of set elements; cty: set_internals.go.

use std::cmp::Ordering;

use iac_model::OriginId;

use crate::Type;
use crate::operators::equal;
use crate::value::{Kind, Value};

/// Makes a set from elements of one type: sorted, each once. Elements that are not known stay, the last in order;
/// only those that are surely equal count as one.
pub fn set_of(element: Type, elements: Vec<Value>, origin: OriginId) -> Value {
    // cty: marks of elements go to the set.
    let marks = elements.iter().fold(crate::Marks::NONE, |marks, element| marks.and(element.deep_marks()));
    let mut keyed: Vec<(Key, Value)> =
        elements.into_iter().map(|element| (Key::of(&element), element.unmarked_deep())).collect();
    keyed.sort_by(|(a, _), (b, _)| a.compare(b));
    let mut out: Vec<Value> = Vec::with_capacity(keyed.len());
    let mut last: Option<Key> = None;
    for (key, value) in keyed {
        let repeated = match (&last, &key) {
            (_, Key::Unknown) => out.iter().rev().take(64).any(|known| equal(known, &value) == Some(true)),
            (Some(last), key) => last.compare(key) == Ordering::Equal,
            (None, _) => false,
        };
        if !repeated {
            out.push(value);
            last = Some(key);
        }
    }
    let kind = Kind::Set(std::sync::Arc::new(element), std::sync::Arc::new(out.into()));
    Value::new(kind, origin).marked(marks)
}

enum Key {
    Bool(bool),
    Bytes(Vec<u8>),
    Null,
    Number(crate::Number),
    Unknown,
}

impl Key {
    fn of(value: &Value) -> Self {
        match &value.kind {
            Kind::Null(_) => Self::Null,
            _ if !value.is_wholly_known() => Self::Unknown,
            Kind::Bool(value) => Self::Bool(*value),
            Kind::Number(number) => Self::Number(number.clone()),
            Kind::String(text) => Self::Bytes(text.bytes().to_vec()),
            _ => Self::Bytes(sort_key(value).into_bytes()),
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let rank = |key: &Self| match key {
            Self::Bool(_) | Self::Bytes(_) | Self::Number(_) => 0,
            Self::Unknown => 1,
            Self::Null => 2,
        };
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.compare(b),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

/// The text by which cty orders set elements that are not primitive.
fn sort_key(value: &Value) -> String {
    let mut out = String::new();
    append(value, &mut out);
    out
}

fn append(value: &Value, out: &mut String) {
    match &value.kind {
        Kind::Unknown(_) => out.push('?'),
        Kind::String(text) if !text.is_known() => out.push('?'),
        Kind::Null(_) => out.push('~'),
        Kind::Number(number) => out.push_str(&number.to_general(Some(10))),
        Kind::Bool(value) => out.push(if *value { 'T' } else { 'F' }),
        Kind::String(text) => quote(&text.to_str_lossy(), out),
        Kind::Map(_, fields) => {
            out.push('{');
            for field in fields.iter() {
                quote(&field.key, out);
                out.push(':');
                append(&field.value, out);
                out.push(';');
            }
            out.push('}');
        }
        Kind::Object(fields) => {
            out.push('<');
            for value in fields.values() {
                append(value, out);
                out.push(';');
            }
            out.push('>');
        }
        Kind::List(_, elements) | Kind::Set(_, elements) => {
            out.push('[');
            for element in elements.iter() {
                append(element, out);
                out.push(';');
            }
            out.push(']');
        }
        Kind::Tuple(elements) => {
            out.push('<');
            for element in elements.iter() {
                append(element, out);
                out.push(';');
            }
            out.push('>');
        }
    }
}

/// Go: strconv.Quote.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            c if c < ' ' || c == '\u{7f}' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if c.is_control() || (c.is_whitespace() && c != ' ') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
