//! Values of the host's own types.

use std::any::Any;
use std::fmt;

use iac_model::{OriginId, Text};

use super::{Kind, List, ListType, Map, MapType, Value};
use crate::Function;

/// A value of a type that the host brings along: with methods, fields or a printed form of its own.
pub trait Object: fmt::Debug {
    /// The Go name of its type as `%T` prints it: `time.Time`, `*semver.Version`.
    fn type_name(&self) -> &str;

    /// The kind in Go's reflection: `struct`, `ptr`, `int64`.
    fn kind_name(&self) -> &'static str {
        "struct"
    }

    /// What its `String` method returns, if it has one.
    fn print(&self) -> Option<String> {
        None
    }

    /// Whether `String` is a method of the pointer to it: then only an action that prints the field itself uses it,
    /// and copies, which functions get and which print inside of other values, are printed as structs.
    fn prints_by_address(&self) -> bool {
        false
    }

    /// The fields of the struct in declaration order, for printing one without `String`.
    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// The value of a field.
    fn field(&self, name: &str) -> Option<Value> {
        self.fields().into_iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    /// Tells whether a field's static type is `interface {}`, which matters for a nil in it.
    fn is_interface(&self, _field: &str) -> bool {
        false
    }

    /// The methods.
    fn methods(&self) -> &'static [Function] {
        &[]
    }

    /// The number or string below a named basic type, such as the nanoseconds of a duration.
    fn basic(&self) -> Option<Value> {
        None
    }

    /// Whether it is the very same value as another; `None` if Go cannot compare its type.
    fn equals(&self, _other: &dyn Object) -> Option<bool> {
        None
    }

    /// Whether templates take it for true. Structs always are.
    fn truth(&self) -> bool {
        self.basic().is_none_or(|basic| basic.truth())
    }

    /// What Go's JSON encoder makes of it, as a plain value.
    fn to_json(&self) -> Option<Value> {
        None
    }

    /// For a struct: the members that Go's JSON encoder writes, in their order, which [`Object::to_json`] loses.
    fn json_members(&self) -> Option<Vec<(Text, Value)>> {
        None
    }

    /// Itself, for [`Value::as_object`].
    fn as_any(&self) -> &dyn Any;
}

/// A named map or slice type.
#[derive(Debug)]
pub struct NamedType {
    /// The Go name: `common.Values`.
    pub name: &'static str,
    /// The type of the elements of the underlying map or slice.
    pub element: Element,
    /// The methods.
    pub methods: &'static [Function],
}

impl PartialEq for NamedType {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for NamedType {}

/// The static type of a map's values or a slice's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// `interface {}`
    Any,
    /// `[]uint8`
    Bytes,
    /// `float64`
    Float,
    /// `int`
    Int,
    /// `int64`
    Int64,
    /// `[]interface {}`
    List,
    /// `map[string]interface {}`
    Map,
    /// A type of the host.
    Named(&'static str),
    /// `string`
    String,
}

impl Element {
    /// The Go name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Bytes => "[]uint8",
            Self::Float => "float64",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::List => "[]interface {}",
            Self::Map => "map[string]interface {}",
            Self::Named(name) => name,
            Self::String => "string",
        }
    }

    /// The zero value of the type: what a missing key of a map gives.
    pub fn zero(self, origin: OriginId) -> Value {
        let kind = match self {
            Self::Any | Self::Named(_) => Kind::Nil,
            Self::Bytes => Kind::Bytes(Text::new("", origin)),
            Self::Float => Kind::Float(0.0),
            Self::Int => Kind::Int(0),
            Self::Int64 => Kind::Int64(0),
            Self::List => Kind::List(List::nil(ListType::Any)),
            Self::Map => Kind::Map(Map::nil(MapType::Any)),
            Self::String => Kind::String(Text::new("", origin)),
        };
        Value::new(kind, origin)
    }
}
