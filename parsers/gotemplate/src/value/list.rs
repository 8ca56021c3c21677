//! Go's slices.

use std::borrow::Cow;
use std::rc::Rc;

use super::{Element, Kind, NamedType, Value, release};

/// A slice. Nothing a template can call changes an element in place, so it is shared and constant; what its
/// elements hold may change.
#[derive(Clone, Debug)]
pub struct List(Rc<Items>);

#[derive(Debug)]
struct Items {
    list_type: ListType,
    nil: bool,
    items: Vec<Value>,
}

/// The static type of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListType {
    /// `[]interface {}`
    Any,
    /// `[]T`
    Of(Element),
    /// A named slice type, perhaps with methods.
    Named(&'static NamedType),
}

impl List {
    /// Makes a slice.
    pub fn new(list_type: ListType, items: Vec<Value>) -> Self {
        Self(Rc::new(Items { list_type, nil: false, items }))
    }

    /// Makes a nil slice: empty, but `null` in JSON.
    pub fn nil(list_type: ListType) -> Self {
        Self(Rc::new(Items { list_type, nil: true, items: Vec::new() }))
    }

    /// The same elements under another static type.
    #[must_use]
    pub fn as_type(&self, list_type: ListType) -> Self {
        Self(Rc::new(Items { list_type, nil: self.0.nil, items: self.0.items.clone() }))
    }

    /// Its static type.
    pub fn list_type(&self) -> ListType {
        self.0.list_type
    }

    /// Tells whether it is a nil slice.
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// The elements.
    pub fn items(&self) -> &[Value] {
        &self.0.items
    }

    /// Visits the elements.
    pub fn iter(&self) -> std::slice::Iter<'_, Value> {
        self.0.items.iter()
    }

    /// Counts the elements.
    pub fn len(&self) -> usize {
        self.0.items.len()
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.items.is_empty()
    }

    /// Tells whether both are one slice in memory.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn release_into(self, open: &mut Vec<Value>) {
        if let Ok(mut items) = Rc::try_unwrap(self.0) {
            open.append(&mut items.items);
        }
    }
}

impl<'a> IntoIterator for &'a List {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        if self.items.iter().any(|value| matches!(value.kind, Kind::List(_) | Kind::Map(_))) {
            release(std::mem::take(&mut self.items));
        }
    }
}

impl ListType {
    /// The Go name: `[]string`.
    pub fn name(self) -> Cow<'static, str> {
        match self {
            Self::Any => Cow::Borrowed("[]interface {}"),
            Self::Of(element) => Cow::Owned(format!("[]{}", element.name())),
            Self::Named(named) => Cow::Borrowed(named.name),
        }
    }

    /// The type of the elements.
    pub fn element(self) -> Element {
        match self {
            Self::Any => Element::Any,
            Self::Of(element) => element,
            Self::Named(named) => named.element,
        }
    }
}
