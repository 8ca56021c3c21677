//! Where nothing may be named: variable files, defaults, types.

use iac_hcl::ast::{Call, Step};
use iac_hcl::{Error, Evaluator, Names, Result, Scope, Value};
use iac_model::Span;

/// A scope without names and functions.
pub(crate) struct LiteralScope;

impl Scope for LiteralScope {
    fn reference(&self, _: &Evaluator<'_>, root: &str, _: &[Step], span: Span) -> Result<(Value, usize)> {
        let message = format!("nothing may be named here, but \"{root}\" is");
        Err(Error::new("terraform-reference", message, span))
    }

    fn call(&self, _: &Evaluator<'_>, call: &Call, span: Span, _: &Names<'_>) -> Result<Value> {
        let message = format!("functions may not be called here, but \"{}\" is", call.name);
        Err(Error::new("terraform-function", message, span))
    }

    fn place(&self) -> String {
        String::new()
    }
}
