//! Values as Go's reflection sees them.

use std::borrow::Cow;

use crate::{Kind, Value};

/// A value that perhaps still stands in an `interface {}`, as what comes out of a map or list does. A nil in an
/// interface is a nil pointer to Go; one that has lost it is "no value".
#[derive(Clone, Debug)]
pub(crate) struct Operand {
    pub(crate) value: Value,
    pub(crate) in_interface: bool,
}

impl Operand {
    /// A value of its own type.
    pub(crate) fn bare(value: Value) -> Self {
        Self { value, in_interface: false }
    }

    /// A value of static type `interface {}`.
    pub(crate) fn in_interface(value: Value) -> Self {
        Self { value, in_interface: true }
    }

    /// The value taken out of its interface.
    pub(crate) fn unwrapped(mut self) -> Self {
        self.in_interface = false;
        self
    }

    /// Tells whether it is "no value": Go's invalid `reflect.Value`.
    pub(crate) fn is_invalid(&self) -> bool {
        !self.in_interface && matches!(self.value.kind, Kind::Nil)
    }

    /// Tells whether it is a nil in an interface.
    pub(crate) fn is_nil_interface(&self) -> bool {
        self.in_interface && matches!(self.value.kind, Kind::Nil)
    }

    /// The name of its static type.
    pub(crate) fn type_name(&self) -> Cow<'static, str> {
        if self.in_interface { Cow::Borrowed("interface {}") } else { self.value.type_name() }
    }
}
