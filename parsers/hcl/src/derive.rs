//! Symbols made from other symbols.
//!
//! What a function or operator does with an unknown gets a symbol whose address is the expression itself, with the
//! inputs in place of names: `replace(aws_eks_cluster.c.identity[0].oidc[0].issuer, "https://", "")`. So two places
//! that compute the same from the same unknown meet in one symbol.

use std::fmt::Write as _;

use iac_model::{OriginId, Reason, Store, Symbol, SymbolId, Text, TypeHint};

use crate::Type;
use crate::value::{Fields, Kind, Unknown, Value};

/// How much of an expression an address shows; longer ones end in a hash of the whole.
const SHOWN: usize = 300;
/// How much of an expression is read for it.
const READ: usize = 1 << 20;

/// The unknown result of `operation` on `inputs`.
///
/// It has the inputs' marks. If exactly one resource attribute or other named unknown is among them, the symbol
/// names its resource and attribute too, with [`Reason::Derived`].
pub fn derive(store: &Store, operation: &str, inputs: &[&Value], kind: Type, origin: OriginId) -> Value {
    let mut address = Address::new();
    address.text(operation);
    address.text("(");
    for (index, input) in inputs.iter().enumerate() {
        if index > 0 {
            address.text(", ");
        }
        address.value(store, input);
    }
    address.text(")");
    let value = Value::unknown(address.intern(store, hint(&kind)), kind, origin);
    value.marked(inputs.iter().fold(crate::Marks::NONE, |marks, input| marks.and(input.deep_marks())))
}

/// The symbol of an attribute of an unknown object.
pub fn attribute(store: &Store, value: &Value, unknown: &Unknown, name: &str, kind: &Type) -> Value {
    let suffix = match name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        true => format!(".{name}"),
        false => format!("[{name:?}]"),
    };
    let symbol = extend(store, unknown.symbol, &suffix, hint(kind));
    Value::unknown(symbol, kind.clone(), value.origin).marked(value.marks)
}

/// The symbol of an element of an unknown collection.
pub(crate) fn element(store: &Store, value: &Value, unknown: &Unknown, key: &Value, kind: &Type) -> Value {
    let mut address = Address::new();
    address.text("[");
    address.value(store, key);
    address.text("]");
    let symbol = extend(store, unknown.symbol, &address.finish(), hint(kind));
    Value::unknown(symbol, kind.clone(), value.origin).marked(value.marks.and(key.marks))
}

/// The symbol of part of what a symbol stands for.
pub fn extend(store: &Store, symbol: SymbolId, suffix: &str, hint: TypeHint) -> SymbolId {
    let base = store.symbols.get(symbol);
    let attribute = match (&base.resource, &base.attribute) {
        (Some(_), Some(attribute)) => Some(format!("{attribute}{suffix}")),
        (Some(_), None) => Some(suffix.trim_start_matches('.').to_owned()),
        (None, attribute) => attribute.clone(),
    };
    let mut address = Address::new();
    address.text(&base.address);
    address.text(suffix);
    store.symbols.intern(Symbol {
        address: address.finish(),
        resource: base.resource.clone(),
        attribute,
        reason: base.reason,
        hint,
    })
}

/// The hint for a type.
pub fn hint(kind: &Type) -> TypeHint {
    match kind {
        Type::Any => TypeHint::Any,
        Type::Bool => TypeHint::Bool,
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => TypeHint::List,
        Type::Map(_) | Type::Object(_) => TypeHint::Map,
        Type::Number => TypeHint::Number,
        Type::String => TypeHint::String,
    }
}

/// The symbols in a value, in order; each once, not more than a few.
pub fn symbols_in(value: &Value) -> Vec<SymbolId> {
    let mut found = Vec::new();
    collect(value, &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<SymbolId>) {
    let mut add = |symbol| {
        if found.len() < 16 && !found.contains(&symbol) {
            found.push(symbol);
        }
    };
    match &value.kind {
        Kind::Unknown(unknown) => add(unknown.symbol),
        Kind::String(text) => text.symbols().for_each(add),
        Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => {
            elements.iter().for_each(|element| collect(element, found));
        }
        Kind::Map(_, fields) | Kind::Object(fields) => {
            fields.values().for_each(|value| collect(value, found));
        }
        Kind::Bool(_) | Kind::Null(_) | Kind::Number(_) => {}
    }
}

struct Address {
    shown: String,
    hash: u64,
    read: usize,
    roots: Vec<SymbolId>,
}

impl Address {
    fn new() -> Self {
        Self { shown: String::new(), hash: 0xcbf2_9ce4_8422_2325, read: 0, roots: Vec::new() }
    }

    fn text(&mut self, text: &str) {
        self.read += text.len();
        if self.read <= SHOWN {
            self.shown.push_str(text);
        } else if self.shown.len() < SHOWN {
            let room = SHOWN - self.shown.len();
            let end = (0..=room.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            self.shown.push_str(&text[..end]);
        }
        // FNV-1a, 64 bit.
        for byte in text.bytes() {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    fn value(&mut self, store: &Store, value: &Value) {
        if self.read > READ {
            return;
        }
        match &value.kind {
            Kind::Null(_) => self.text("null"),
            Kind::Bool(value) => self.text(if *value { "true" } else { "false" }),
            Kind::Number(number) => self.text(&number.to_string()),
            Kind::String(text) => self.string(store, text),
            Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => {
                self.text("[");
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        self.text(", ");
                    }
                    self.value(store, element);
                }
                self.text("]");
            }
            Kind::Map(_, fields) | Kind::Object(fields) => self.fields(store, fields),
            Kind::Unknown(unknown) => self.symbol(store, unknown.symbol),
        }
    }

    fn fields(&mut self, store: &Store, fields: &Fields) {
        self.text("{");
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                self.text(", ");
            }
            self.text(&field.key);
            self.text(" = ");
            self.value(store, &field.value);
        }
        self.text("}");
    }

    fn string(&mut self, store: &Store, text: &Text) {
        if let Some(symbol) = text.as_symbol(&store.symbols) {
            self.symbol(store, symbol);
            return;
        }
        self.text("\"");
        for (range, run) in text.runs() {
            match run.symbol {
                Some(symbol) => {
                    self.text("${");
                    self.symbol(store, symbol);
                    self.text("}");
                }
                None => {
                    let mut escaped = String::new();
                    let known = String::from_utf8_lossy(&text.bytes()[range]);
                    let _ = write!(escaped, "{known:?}");
                    let inner = escaped.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                    self.text(inner.unwrap_or_default());
                }
            }
        }
        self.text("\"");
    }

    fn symbol(&mut self, store: &Store, symbol: SymbolId) {
        if !self.roots.contains(&symbol) {
            self.roots.push(symbol);
        }
        self.text(&store.symbols.get(symbol).address);
    }

    fn finish(mut self) -> String {
        if self.read > SHOWN {
            let _ = write!(self.shown, "...#{:016x}", self.hash);
        }
        self.shown
    }

    fn intern(self, store: &Store, hint: TypeHint) -> SymbolId {
        let (resource, attribute) = match self.roots.as_slice() {
            [one] => {
                let root = store.symbols.get(*one);
                (root.resource.clone(), root.attribute.clone())
            }
            _ => (None, None),
        };
        let address = self.finish();
        store.symbols.intern(Symbol { address, resource, attribute, reason: Reason::Derived, hint })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn(store: &Store) -> Value {
        let symbol = store.symbols.intern(Symbol {
            address: "aws_iam_role.app.arn".into(),
            resource: Some("aws_iam_role.app".into()),
            attribute: Some("arn".into()),
            reason: Reason::Computed,
            hint: TypeHint::String,
        });
        Value::unknown(symbol, Type::String, store.origins.argument("x"))
    }

    #[test]
    fn the_same_of_the_same_is_one_symbol() {
        let store = Store::new();
        let (arn, origin) = (arn(&store), store.origins.argument("y"));
        let slash = Value::string("/\n\"", origin);
        let a = derive(&store, "split", &[&slash, &arn], Type::list(Type::String), origin);
        let b = derive(&store, "split", &[&slash, &arn], Type::list(Type::String), origin);
        let symbol = a.as_unknown().map(|unknown| unknown.symbol);
        assert_eq!(symbol, b.as_unknown().map(|unknown| unknown.symbol));
        let symbol = store.symbols.get(symbol.expect("it is unknown"));
        assert_eq!(symbol.address, "split(\"/\\n\\\"\", aws_iam_role.app.arn)");
        assert_eq!(symbol.resource.as_deref(), Some("aws_iam_role.app"));
        assert_eq!((symbol.reason, symbol.hint), (Reason::Derived, TypeHint::List));
    }

    #[test]
    fn long_expressions_stay_distinct() {
        let store = Store::new();
        let (arn, origin) = (arn(&store), store.origins.argument("y"));
        let of = |last: &str| {
            let text = Value::string("x".repeat(1000) + last, origin);
            let value = derive(&store, "f", &[&text, &arn], Type::String, origin);
            value.as_unknown().map(|unknown| unknown.symbol).expect("it is unknown")
        };
        assert_ne!(of("a"), of("b"));
        assert!(store.symbols.get(of("a")).address.len() < SHOWN + 40);
    }
}
