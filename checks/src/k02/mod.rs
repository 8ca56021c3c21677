//! K02 Overly Permissive Authorization: roles and bindings that allow more than their subjects need.

mod held;
mod operators;
mod powers;
mod wildcards;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[
    &wildcards::ENTRY,
    &powers::identities::ENTRY,
    &powers::pods::ENTRY,
    &powers::data::ENTRY,
    &powers::cluster::ENTRY,
];
