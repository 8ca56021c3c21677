//! Lists of strings of which some may be unknown.

use iac_model::{Attr, Kind, OriginId, SymbolId, Value};

use crate::Tri;

/// A list of strings; a single string counts as a list of one.
#[derive(Clone, Copy, Debug)]
pub struct Strings<'g> {
    list: Attr<&'g Value>,
}

impl<'g> Strings<'g> {
    /// Reads a field as a list of strings.
    pub fn new(list: Attr<&'g Value>) -> Self {
        Self { list }
    }

    /// The list as it was found.
    pub fn attr(self) -> Attr<&'g Value> {
        self.list
    }

    /// The place of the list, or of the closest thing that is written.
    pub fn origin(self) -> OriginId {
        self.list.origin()
    }

    /// The elements; a list that is unknown as a whole is one unknown element.
    pub fn iter(self) -> impl Iterator<Item = Attr<&'g str>> {
        let (whole, elements): (Option<Attr<&'g str>>, &'g [Value]) = match self.list {
            Attr::Absent(_) => (None, &[]),
            Attr::Unknown(symbol, origin) => (Some(Attr::Unknown(symbol, origin)), &[]),
            Attr::Known(value, _) => match &value.kind {
                Kind::List(list) => (None, list),
                Kind::Null => (None, &[]),
                Kind::Bool(_) | Kind::Map(_) | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {
                    (None, std::slice::from_ref(value))
                }
            },
        };
        whole.into_iter().chain(elements.iter().map(element))
    }

    /// The known elements with their places.
    pub fn known(self) -> impl Iterator<Item = (&'g str, OriginId)> {
        self.iter().filter_map(|element| match element {
            Attr::Known(text, origin) => Some((text, origin)),
            Attr::Absent(_) | Attr::Unknown(..) => None,
        })
    }

    /// The first unknown element, if there is one.
    pub fn unknown(self) -> Option<(SymbolId, OriginId)> {
        self.iter().find_map(|element| match element {
            Attr::Unknown(symbol, origin) => Some((symbol, origin)),
            Attr::Absent(_) | Attr::Known(..) => None,
        })
    }

    /// The place of an element that fits, if one is known.
    pub fn find(self, fits: impl Fn(&str) -> bool) -> Option<OriginId> {
        self.known().find(|(text, _)| fits(text)).map(|(_, origin)| origin)
    }

    /// Tells whether an element fits; open if none does and some are unknown.
    pub fn any(self, fits: impl Fn(&str) -> bool) -> Tri {
        match (self.find(fits), self.unknown()) {
            (Some(_), _) => Tri::Yes,
            (None, Some((symbol, _))) => Tri::Unknown(Some(symbol)),
            (None, None) => Tri::No,
        }
    }

    /// Tells whether it has an element.
    pub fn contains(self, text: &str) -> Tri {
        self.any(|element| element == text)
    }

    /// Tells whether there are no elements.
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }
}

fn element(value: &Value) -> Attr<&str> {
    match (value.symbol(), value.as_str()) {
        (Some(symbol), _) => Attr::Unknown(symbol, value.origin),
        (None, Some(text)) => Attr::Known(text, value.origin),
        (None, None) => Attr::Absent(value.origin),
    }
}
