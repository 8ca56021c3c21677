//! Terraform's types.

use std::fmt;
use std::sync::Arc;

/// A type, or a constraint that values are converted to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Type {
    /// `any`: not known yet, or whatever the value has.
    #[default]
    Any,
    /// `bool`
    Bool,
    /// `list(...)`
    List(Arc<Type>),
    /// `map(...)`
    Map(Arc<Type>),
    /// `number`
    Number,
    /// `object({...})`, attributes in the order of their names.
    Object(Arc<[Attribute]>),
    /// `set(...)`
    Set(Arc<Type>),
    /// `string`
    String,
    /// `tuple([...])`
    Tuple(Arc<[Type]>),
}

/// An attribute of an object type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attribute {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub kind: Type,
    /// `optional(...)`: a constraint that a value need not meet; null takes its place.
    pub optional: bool,
}

impl Type {
    /// `list(element)`
    pub fn list(element: Type) -> Self {
        Self::List(Arc::new(element))
    }

    /// `set(element)`
    pub fn set(element: Type) -> Self {
        Self::Set(Arc::new(element))
    }

    /// `map(element)`
    pub fn map(element: Type) -> Self {
        Self::Map(Arc::new(element))
    }

    /// `tuple([elements])`
    pub fn tuple(elements: impl IntoIterator<Item = Type>) -> Self {
        Self::Tuple(elements.into_iter().collect())
    }

    /// `object({...})` without optional attributes; sorts them.
    pub fn object<N: Into<Arc<str>>>(attributes: impl IntoIterator<Item = (N, Type)>) -> Self {
        let mut attributes: Vec<_> = attributes
            .into_iter()
            .map(|(name, kind)| Attribute { name: name.into(), kind, optional: false })
            .collect();
        attributes.sort_by(|a, b| a.name.cmp(&b.name));
        Self::Object(attributes.into())
    }

    /// The type of an object's attribute.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        let Self::Object(attributes) = self else { return None };
        let at = attributes.binary_search_by(|attribute| (*attribute.name).cmp(name)).ok()?;
        attributes.get(at)
    }

    /// The element type of a list, set or map.
    pub fn element(&self) -> Option<&Type> {
        match self {
            Self::List(element) | Self::Map(element) | Self::Set(element) => Some(element),
            _ => None,
        }
    }

    /// Tells whether it is a bool, number or string.
    pub fn is_primitive(&self) -> bool {
        matches!(self, Self::Bool | Self::Number | Self::String)
    }

    /// Tells whether `any` stands anywhere in it.
    pub fn has_any(&self) -> bool {
        match self {
            Self::Any => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Map(element) | Self::Set(element) => element.has_any(),
            Self::Object(attributes) => attributes.iter().any(|attribute| attribute.kind.has_any()),
            Self::Tuple(elements) => elements.iter().any(Self::has_any),
        }
    }

    /// The type of values that meet the constraint: nothing is optional in it.
    #[must_use]
    pub fn without_optional(&self) -> Self {
        match self {
            Self::Any | Self::Bool | Self::Number | Self::String => self.clone(),
            Self::List(element) => Self::list(element.without_optional()),
            Self::Map(element) => Self::map(element.without_optional()),
            Self::Set(element) => Self::set(element.without_optional()),
            Self::Tuple(elements) => Self::tuple(elements.iter().map(Self::without_optional)),
            Self::Object(attributes) => {
                let strip = |attribute: &Attribute| Attribute {
                    name: Arc::clone(&attribute.name),
                    kind: attribute.kind.without_optional(),
                    optional: false,
                };
                Self::Object(attributes.iter().map(strip).collect())
            }
        }
    }

    /// What messages call it: `list of string`, `object`.
    pub fn friendly_name(&self) -> String {
        match self {
            Self::Any => "dynamic".into(),
            Self::Bool => "bool".into(),
            Self::Number => "number".into(),
            Self::String => "string".into(),
            Self::List(element) => format!("list of {}", element.friendly_name()),
            Self::Map(element) => format!("map of {}", element.friendly_name()),
            Self::Set(element) => format!("set of {}", element.friendly_name()),
            Self::Object(_) => "object".into(),
            Self::Tuple(_) => "tuple".into(),
        }
    }
}

impl fmt::Display for Type {
    /// Prints a type constraint on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Bool => f.write_str("bool"),
            Self::Number => f.write_str("number"),
            Self::String => f.write_str("string"),
            Self::List(element) => write!(f, "list({element})"),
            Self::Map(element) => write!(f, "map({element})"),
            Self::Set(element) => write!(f, "set({element})"),
            Self::Tuple(elements) => {
                f.write_str("tuple([")?;
                for (index, element) in elements.iter().enumerate() {
                    write!(f, "{}{element}", if index > 0 { ", " } else { "" })?;
                }
                f.write_str("])")
            }
            Self::Object(attributes) => {
                f.write_str("object({")?;
                for (index, attribute) in attributes.iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    let Attribute { name, kind, optional } = attribute;
                    match optional {
                        true => write!(f, "{comma}{name} = optional({kind})")?,
                        false => write!(f, "{comma}{name} = {kind}")?,
                    }
                }
                f.write_str("})")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_find_attributes_whatever_their_order() {
        let object = Type::object([("b", Type::Bool), ("a", Type::list(Type::Any))]);
        assert_eq!(object.attribute("b").map(|attribute| &attribute.kind), Some(&Type::Bool));
        assert_eq!(object.attribute("c"), None);
        assert!(object.has_any());
        assert_eq!(object.to_string(), "object({a = list(any), b = bool})");
    }
}
