//! Facts about AWS, as tables.

mod escalations;
mod exposures;

pub(crate) use escalations::ESCALATIONS;
pub(crate) use exposures::{Actions, EXPOSURES};
