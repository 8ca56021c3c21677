//! The answer of a typed view.

use crate::{OriginId, SymbolId};

/// What a view found where it looked, each arm with the origin to point at.
///
/// There is deliberately no `unwrap_or`: an unknown is neither the value nor its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attr<T> {
    /// Nothing is written; the origin is the closest parent that is.
    Absent(OriginId),
    /// The value is known.
    Known(T, OriginId),
    /// The value rests on an unknown.
    Unknown(SymbolId, OriginId),
}

impl<T> Attr<T> {
    /// The place to point at.
    pub fn origin(&self) -> OriginId {
        match self {
            Self::Absent(origin) | Self::Known(_, origin) | Self::Unknown(_, origin) => *origin,
        }
    }

    /// The value, if it is known. What is absent or unknown gives `None`: match on the arms when they differ.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(value, _) => Some(value),
            Self::Absent(_) | Self::Unknown(..) => None,
        }
    }

    /// Applies `change` to a known value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Attr<U> {
        match self {
            Self::Absent(origin) => Attr::Absent(origin),
            Self::Known(value, origin) => Attr::Known(change(value), origin),
            Self::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
        }
    }

    /// Takes the other answer where this one is absent: container before pod, field before default.
    pub fn or(self, other: impl FnOnce(OriginId) -> Attr<T>) -> Attr<T> {
        match self {
            Self::Absent(origin) => other(origin),
            Self::Known(..) | Self::Unknown(..) => self,
        }
    }

    /// Tells whether nothing is written.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent(_))
    }

    /// Tells whether the value rests on an unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(..))
    }
}

impl<T: PartialEq> Attr<T> {
    /// Tells whether the value is known to be `value`.
    pub fn is(&self, value: T) -> bool {
        matches!(self, Self::Known(known, _) if *known == value)
    }
}
