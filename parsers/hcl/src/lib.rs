//! HCL syntax and expression evaluation with unknown values.
//!
//! [`parse_file`] and [`parse_json`] give the syntax tree of [`ast`]; [`Evaluator`] turns its expressions into
//! [`Value`]s. What names and functions mean is the business of a [`Scope`], which `iac-terraform` provides.

pub mod ast;
mod convert;
pub mod derive;
mod elements;
mod eval;
mod number;
mod operators;
mod parse;
mod references;
pub mod types;
mod value;

pub use convert::{Mode, convert, convertible, set_of, unify};
pub use elements::Elements;
pub use eval::{Arguments, Error, Evaluator, Limits, Names, Result, Scope};
pub use number::Number;
pub use operators::equal;
pub use parse::{
    Schema, Slot, Template, from_json, parse_expression, parse_file, parse_json, parse_template,
};
pub use types::Type;
pub use value::{Field, Fields, Kind, Marks, Unknown, Value};
