//! K02 Overly Permissive Authorization: roles and bindings that allow more than their subjects need.

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[];
