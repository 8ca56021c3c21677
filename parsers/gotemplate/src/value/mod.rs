//! The values templates work on: Go's kinds, each with its origin.

mod convert;
mod list;
mod map;
mod object;

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use iac_model::{OriginId, SymbolId, Text, TypeHint};

pub use convert::Numbers;
pub use list::{List, ListType};
pub use map::{Map, MapType};
pub use object::{Element, NamedType, Object};

/// How deep values may nest where they are printed, copied or converted.
pub const VALUE_DEPTH: usize = 250;
/// How many values [`Value::is_shallow`] visits before it gives up.
const VISITS: usize = 4_000_000;

/// A value with its origin. Cloning is cheap; lists and maps are shared, as in Go.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Why it is here.
    pub origin: OriginId,
}

/// What a value is, by the names of Go's types.
#[derive(Clone)]
pub enum Kind {
    /// `bool`
    Bool(bool),
    /// `[]uint8`; the text's runs tell where the bytes come from.
    Bytes(Text),
    /// `complex128`, which only literals make: real and imaginary part.
    Complex(Rc<(f64, f64)>),
    /// `float64`: every number of a values file.
    Float(f64),
    /// `int`
    Int(i64),
    /// `int64`
    Int64(i64),
    /// A slice.
    List(List),
    /// A map with string keys.
    Map(Map),
    /// A nil interface. Whether Go still knows it as `interface {}` or has lost it ("no value") is a matter of
    /// where it stands, not of the value: functions with parameters of type `any` see both as nil.
    Nil,
    /// A value with methods or fields that the host made: a time, a version, `.Capabilities`.
    Object(Rc<dyn Object>),
    /// `string`; bytes need not be UTF-8, parts may be symbols.
    String(Text),
    /// `uint64`
    Uint64(u64),
    /// `uint8`: a byte of a string that was indexed.
    Uint8(u8),
    /// Not known.
    Unknown(SymbolId),
}

impl Value {
    /// Makes a value.
    pub fn new(kind: Kind, origin: OriginId) -> Self {
        Self { kind, origin }
    }

    /// Makes a nil.
    pub fn nil(origin: OriginId) -> Self {
        Self::new(Kind::Nil, origin)
    }

    /// Makes a string with the origin of its first byte.
    pub fn string(text: Text) -> Self {
        let origin = text.origin();
        Self::new(Kind::String(text), origin)
    }

    /// Makes a `[]interface {}`.
    pub fn list(items: Vec<Value>, origin: OriginId) -> Self {
        Self::new(Kind::List(List::new(ListType::Any, items)), origin)
    }

    /// Makes a `map[string]interface {}`.
    pub fn map(entries: impl IntoIterator<Item = (Text, Value)>, origin: OriginId) -> Self {
        Self::new(Kind::Map(Map::new(MapType::Any, entries)), origin)
    }

    /// The name of its Go type as `%T` prints it; `<nil>` for nil.
    pub fn type_name(&self) -> Cow<'static, str> {
        Cow::Borrowed(match &self.kind {
            Kind::Bool(_) => "bool",
            Kind::Bytes(_) => "[]uint8",
            Kind::Complex(_) => "complex128",
            Kind::Float(_) => "float64",
            Kind::Int(_) => "int",
            Kind::Int64(_) => "int64",
            Kind::List(list) => return list.list_type().name(),
            Kind::Map(map) => map.map_type().name(),
            Kind::Nil => "<nil>",
            Kind::Object(object) => return Cow::Owned(object.type_name().to_string()),
            Kind::String(_) | Kind::Unknown(_) => "string",
            Kind::Uint64(_) => "uint64",
            Kind::Uint8(_) => "uint8",
        })
    }

    /// The name of its kind in Go's reflection: `map`, `slice`, `struct`, `invalid` for nil.
    pub fn kind_name(&self) -> &'static str {
        match &self.kind {
            Kind::Bool(_) => "bool",
            Kind::Bytes(_) | Kind::List(_) => "slice",
            Kind::Complex(_) => "complex128",
            Kind::Float(_) => "float64",
            Kind::Int(_) => "int",
            Kind::Int64(_) => "int64",
            Kind::Map(_) => "map",
            Kind::Nil => "invalid",
            Kind::Object(object) => object.kind_name(),
            Kind::String(_) | Kind::Unknown(_) => "string",
            Kind::Uint64(_) => "uint64",
            Kind::Uint8(_) => "uint8",
        }
    }

    /// Whether Go's templates take it for true: not the zero value of its type, not empty. An unknown is true:
    /// what an attribute is set to is normally not empty.
    pub fn truth(&self) -> bool {
        match &self.kind {
            Kind::Bool(bool) => *bool,
            Kind::Bytes(text) | Kind::String(text) => !text.is_empty(),
            Kind::Complex(parts) => **parts != (0.0, 0.0),
            Kind::Float(float) => *float != 0.0,
            Kind::Int(int) | Kind::Int64(int) => *int != 0,
            Kind::List(list) => !list.is_empty(),
            Kind::Map(map) => !map.is_empty(),
            Kind::Nil => false,
            Kind::Object(object) => object.truth(),
            Kind::Uint64(int) => *int != 0,
            Kind::Uint8(int) => *int != 0,
            Kind::Unknown(_) => true,
        }
    }

    /// Tells whether it is nil, or a nil map or slice.
    pub fn is_nil(&self) -> bool {
        match &self.kind {
            Kind::Nil => true,
            Kind::List(list) => list.is_nil(),
            Kind::Map(map) => map.is_nil(),
            _ => false,
        }
    }

    /// The string with its runs, if it is one.
    pub fn as_text(&self) -> Option<&Text> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The string, if it is one, wholly known and UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        self.as_text()?.as_str()
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(bool) => Some(bool),
            _ => None,
        }
    }

    /// The number, if it is an integer of any type that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.kind {
            Kind::Int(int) | Kind::Int64(int) => Some(*int),
            Kind::Uint64(int) => i64::try_from(*int).ok(),
            Kind::Uint8(int) => Some(i64::from(*int)),
            Kind::Object(object) => object.basic().and_then(|basic| basic.as_i64()),
            _ => None,
        }
    }

    /// The number, if it is a floating-point one.
    pub fn as_f64(&self) -> Option<f64> {
        match self.kind {
            Kind::Float(float) => Some(float),
            _ => None,
        }
    }

    /// The slice, if it is one.
    pub fn as_list(&self) -> Option<&List> {
        match &self.kind {
            Kind::List(list) => Some(list),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.kind {
            Kind::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The host's object, if it is one of this Rust type.
    pub fn as_object<T: 'static>(&self) -> Option<&T> {
        match &self.kind {
            Kind::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// The symbol in this very value (not in what it holds): the value itself, or the first one of its string.
    pub fn symbol(&self) -> Option<SymbolId> {
        match &self.kind {
            Kind::Unknown(symbol) => Some(*symbol),
            Kind::Bytes(text) | Kind::String(text) => text.symbols().next(),
            _ => None,
        }
    }

    /// What is known of its type: for the hint of a symbol derived from it.
    pub fn hint(&self) -> TypeHint {
        match &self.kind {
            Kind::Bool(_) => TypeHint::Bool,
            Kind::Bytes(_) | Kind::String(_) => TypeHint::String,
            Kind::Complex(_)
            | Kind::Float(_)
            | Kind::Int(_)
            | Kind::Int64(_)
            | Kind::Uint64(_)
            | Kind::Uint8(_) => TypeHint::Number,
            Kind::List(_) => TypeHint::List,
            Kind::Map(_) => TypeHint::Map,
            Kind::Nil | Kind::Object(_) | Kind::Unknown(_) => TypeHint::Any,
        }
    }

    /// The same value for another reason: its own origin and those of its text's runs are wrapped, what it holds
    /// stays as it is.
    #[must_use]
    pub fn map_origins(&self, mut wrap: impl FnMut(OriginId) -> OriginId) -> Self {
        let kind = match &self.kind {
            Kind::String(text) => Kind::String(text.map_origins(&mut wrap)),
            Kind::Bytes(text) => Kind::Bytes(text.map_origins(&mut wrap)),
            other => other.clone(),
        };
        Self { origin: wrap(self.origin), kind }
    }

    /// Tells whether no value inside lies deeper than [`VALUE_DEPTH`]: whoever follows a value recursively asks
    /// first, since templates can build deep values and even maps that hold themselves.
    pub fn is_shallow(&self) -> bool {
        // A map that holds itself twice doubles with each level: count what is visited, too.
        let mut visits = VISITS;
        self.is_shallow_within(VALUE_DEPTH, &mut visits)
    }

    fn is_shallow_within(&self, depth: usize, visits: &mut usize) -> bool {
        if *visits == 0 || depth == 0 {
            return false;
        }
        *visits -= 1;
        match &self.kind {
            Kind::List(list) => list.iter().all(|item| item.is_shallow_within(depth - 1, visits)),
            Kind::Map(map) => map.all(|item| item.is_shallow_within(depth - 1, visits)),
            _ => true,
        }
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(bool) => write!(f, "{bool}"),
            Self::Bytes(text) => write!(f, "bytes {text:?}"),
            Self::Complex(parts) => write!(f, "({}+{}i)", parts.0, parts.1),
            Self::Float(float) => write!(f, "{float:?}"),
            Self::Int(int) => write!(f, "{int}"),
            Self::Int64(int) => write!(f, "{int}i64"),
            Self::List(list) => write!(f, "{} of {}", list.list_type().name(), list.len()),
            Self::Map(map) => write!(f, "{} of {}", map.map_type().name(), map.len()),
            Self::Nil => f.write_str("nil"),
            Self::Object(object) => write!(f, "{object:?}"),
            Self::String(text) => write!(f, "{text:?}"),
            Self::Uint64(int) => write!(f, "{int}u64"),
            Self::Uint8(int) => write!(f, "{int}u8"),
            Self::Unknown(symbol) => write!(f, "{symbol:?}"),
        }
    }
}

/// Frees values without recursion: a template can build a chain of a million maps, and a recursive drop would
/// run out of stack.
fn release(mut open: Vec<Value>) {
    while let Some(value) = open.pop() {
        match value.kind {
            Kind::List(list) => list.release_into(&mut open),
            Kind::Map(map) => map.release_into(&mut open),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use iac_model::Store;

    use super::*;

    #[test]
    fn a_long_chain_is_freed_without_recursion() {
        let store = Store::new();
        let origin = store.origins.argument("x");
        let mut value = Value::nil(origin);
        for _ in 0..300_000 {
            value = Value::map([(Text::new("k", origin), Value::list(vec![value], origin))], origin);
        }
        assert!(!value.is_shallow());
        drop(value);
    }

    #[test]
    fn maps_are_shared_and_nil_maps_refuse_keys() {
        let store = Store::new();
        let origin = store.origins.argument("x");
        let key = || Text::new("k", origin);
        let a = Value::map([], origin);
        let b = a.clone();
        a.as_map().unwrap().insert(key(), Value::new(Kind::Int(1), origin)).unwrap();
        assert_eq!(b.as_map().unwrap().get("k").unwrap().as_i64(), Some(1));
        let strings = a.as_map().unwrap().as_type(MapType::Strings);
        strings.insert(key(), Value::nil(origin)).unwrap();
        assert!(b.as_map().unwrap().get("k").unwrap().is_nil() && strings.is_same(b.as_map().unwrap()));
        let nil = Map::nil(MapType::Any);
        let refused = nil.insert(key(), a).unwrap_err();
        assert_eq!(refused.to_string(), "assignment to entry in nil map");
    }

    #[test]
    fn a_converted_map_is_the_same_map() {
        static NAMED: NamedType = NamedType { name: "x.Values", element: Element::Any, methods: &[] };
        let store = Store::new();
        let origin = store.origins.argument("x");
        let named = Map::new(MapType::Named(&NAMED), []);
        let plain = named.as_type(MapType::Any);
        plain.insert(Text::new("k", origin), Value::nil(origin)).unwrap();
        assert!(named.contains("k") && named.is_same(&plain));
        assert_eq!(
            (named.map_type().name(), plain.map_type().name()),
            ("x.Values", "map[string]interface {}")
        );
    }

    #[test]
    fn maps_that_hold_themselves_are_not_shallow() {
        let store = Store::new();
        let origin = store.origins.argument("x");
        let map = Value::map([], origin);
        map.as_map().unwrap().insert(Text::new("self", origin), map.clone()).unwrap();
        assert!(!map.is_shallow());
        map.as_map().unwrap().remove("self");
        assert!(map.is_shallow());
    }
}
