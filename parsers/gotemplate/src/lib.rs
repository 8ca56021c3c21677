//! Go's text/template (Go 1.26) with provenance. It knows nothing of Helm.
//!
//! - [`Value`] is what templates work on: Go's kinds, each with an origin; maps are shared and mutable.
//! - [`Function`] and [`Functions`] describe what templates may call, with Go signatures; [`Call`] is what a
//!   function sees; [`Host`] holds what the host lends to its functions.
//! - [`Engine`] runs templates within [`Limits`]; errors are worded and placed as Go does.

mod ast;
mod builtins;
mod call;
mod engine;
mod error;
mod eval;
mod function;
mod host;
mod lexer;
mod limits;
mod parser;
mod printf;
mod standing;
pub mod strconv;
mod templates;
mod value;

pub use call::Call;
pub use engine::{Absence, Engine, MissingKey, Rendered};
pub use error::{Cause, ExecError, Failure, ParseError};
pub use function::{Args, Function, Functions, Native, Param, Unknowns};
pub use host::Host;
pub use limits::{Limit, Limits, on_large_stack};
pub use printf::quoted;

pub use templates::Templates;
pub use value::{
    Element, Kind, List, ListType, Map, MapType, NamedType, Numbers, Object, VALUE_DEPTH, Value,
};
