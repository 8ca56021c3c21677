//! `try` and `can`.

use iac_hcl::ast::Call;
use iac_hcl::{Error, Evaluator, Names, Result, Type, Value, derive};
use iac_model::{Reason, Span};

/// The first argument that evaluates without an error.
///
/// Terraform gives up when an argument is not wholly known: it may still fail. An attribute of a resource that only
/// its provider knows is there after apply, so here it is the result.
pub(super) fn attempt(evaluator: &Evaluator<'_>, call: &Call, span: Span, names: &Names<'_>) -> Result<Value> {
    if call.arguments.is_empty() {
        return Err(Error::new("terraform-function", "try: at least one argument is required", span));
    }
    let mut last = None;
    for argument in &call.arguments {
        match evaluator.evaluate(argument, names) {
            Ok(value) => {
                if may_fail(evaluator, &value) {
                    let origin = evaluator.computed(span, &[&value]);
                    return Ok(derive::derive(evaluator.store, "try", &[&value], Type::Any, origin));
                }
                return Ok(evaluator.through(span, value, None));
            }
            Err(error) if error.is_limit() => return Err(error),
            Err(error) => last = Some(error),
        }
    }
    let reason = last.map_or_else(String::new, |error| error.message);
    let message = format!("try: no expression succeeded; the last one failed: {reason}");
    Err(Error::new("terraform-function", message, span))
}

/// Whether an argument evaluates without an error.
pub(super) fn can(evaluator: &Evaluator<'_>, call: &Call, span: Span, names: &Names<'_>) -> Result<Value> {
    let [argument] = call.arguments.as_slice() else {
        return Err(Error::new("terraform-function", "can: exactly one argument is required", span));
    };
    match evaluator.evaluate(argument, names) {
        Ok(value) if value.is_wholly_known() || !may_fail(evaluator, &value) => {
            Ok(Value::bool(true, evaluator.computed(span, &[&value])))
        }
        Ok(value) => {
            let origin = evaluator.computed(span, &[&value]);
            Ok(derive::derive(evaluator.store, "can", &[&value], Type::Bool, origin).not_null())
        }
        Err(error) if error.is_limit() => Err(error),
        Err(_) => Ok(Value::bool(false, evaluator.computed(span, &[]))),
    }
}

/// Whether reading the value may fail once it is known: its type is not known, and nothing promises that it exists.
fn may_fail(evaluator: &Evaluator<'_>, value: &Value) -> bool {
    let Some(unknown) = value.as_unknown() else { return false };
    if unknown.fields.is_some() || unknown.kind != Type::Any {
        return false;
    }
    let symbol = evaluator.store.symbols.get(unknown.symbol);
    matches!(symbol.reason, Reason::Variable | Reason::Derived | Reason::Given)
}
