//! Values: what users give, merged, and coalesced over what charts default to.

mod coalesce;
mod documents;
mod layers;
mod set;

pub(crate) use coalesce::{Coalesced, Nulls, TypeMismatch, coalesce, coalesce_tables, deep_copy_map, insert};
pub(crate) use documents::{ValuesError, load_values};
pub(crate) use layers::user_values;
pub use layers::{SetFlag, ValuesLayer};
pub use set::SetKind;
