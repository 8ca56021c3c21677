//! HCL syntax and expression evaluation with unknown values.
//!
//! [`parse_file`] and [`parse_json`] give the syntax tree of [`ast`]; [`Evaluator`] turns its expressions into
//! [`Value`]s. What names and functions mean is the business of a [`Scope`], which `iac-terraform` provides.

pub mod ast;
mod number;
mod parse;
pub mod types;
mod value;

pub use number::Number;
pub use parse::{Schema, Slot, Template, parse_expression, parse_file, parse_json, parse_template};
pub use types::Type;
pub use value::{Field, Fields, Kind, Marks, Unknown, Value};
