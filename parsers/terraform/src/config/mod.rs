//! What the files of one module declare.

mod files;
mod merge;
mod module;
mod schema;
mod type_constraint;

pub(crate) use files::{is_configuration, is_ignored};
pub(crate) use module::{Declaration, Module, ModuleCall, Output, Variable};
pub(crate) use type_constraint::{Constraint, type_constraint};
