//! Truth values that may be open.

use std::ops::Not;

use iac_model::{Attr, SymbolId};

/// A truth value of strong Kleene logic: an unknown input leaves the answer open only if it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tri {
    /// False, whatever the unknowns are.
    No,
    /// Depends on an unknown, which is named if it is one symbol.
    Unknown(Option<SymbolId>),
    /// True, whatever the unknowns are.
    Yes,
}

impl Tri {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Tri) -> Tri {
        match (self, other) {
            (Tri::No, _) | (_, Tri::No) => Tri::No,
            (Tri::Yes, rest) | (rest, Tri::Yes) => rest,
            (Tri::Unknown(one), Tri::Unknown(two)) => Tri::Unknown(one.or(two)),
        }
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Tri) -> Tri {
        !(!self).and(!other)
    }

    /// All hold; true for none.
    pub fn all(values: impl IntoIterator<Item = Tri>) -> Tri {
        let mut result = Tri::Yes;
        for value in values {
            result = result.and(value);
            if result == Tri::No {
                break;
            }
        }
        result
    }

    /// At least one holds; false for none.
    pub fn any(values: impl IntoIterator<Item = Tri>) -> Tri {
        let mut result = Tri::No;
        for value in values {
            result = result.or(value);
            if result == Tri::Yes {
                break;
            }
        }
        result
    }

    /// Tells whether it is true for sure.
    pub fn is_yes(self) -> bool {
        self == Tri::Yes
    }

    /// Tells whether it is false for sure.
    pub fn is_no(self) -> bool {
        self == Tri::No
    }

    /// Tells whether it depends on an unknown.
    pub fn is_unknown(self) -> bool {
        matches!(self, Tri::Unknown(_))
    }

    /// Tells whether it is true or may be.
    pub fn may(self) -> bool {
        self != Tri::No
    }
}

impl Not for Tri {
    type Output = Tri;

    fn not(self) -> Tri {
        match self {
            Tri::No => Tri::Yes,
            Tri::Unknown(symbol) => Tri::Unknown(symbol),
            Tri::Yes => Tri::No,
        }
    }
}

impl From<bool> for Tri {
    fn from(value: bool) -> Self {
        if value { Tri::Yes } else { Tri::No }
    }
}

/// What an answer means as a truth value; nothing written is false.
impl From<Attr<bool>> for Tri {
    fn from(value: Attr<bool>) -> Self {
        match value {
            Attr::Absent(_) => Tri::No,
            Attr::Known(value, _) => value.into(),
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknowns_matter_only_where_they_decide() {
        let open = Tri::Unknown(None);
        assert_eq!(open.and(Tri::No), Tri::No);
        assert_eq!(open.or(Tri::Yes), Tri::Yes);
        assert_eq!(open.and(Tri::Yes), open);
        assert_eq!(open.or(Tri::No), open);
        assert_eq!(!open, open);
        assert_eq!(Tri::all([]), Tri::Yes);
        assert_eq!(Tri::any([open, Tri::Yes]), Tri::Yes);
    }
}
