//! The first that will do: `can`, `coalesce`, `coalescelist`, `try`.

use iac_hcl::{Arguments, Kind, Mode, Result, Type, Value, convert, unify};

use super::function::{ANY, Function, Parameter, Want};
use super::texts::{is_identifier, surely_not_empty};
use super::{Call, Site};

const ARGUMENT: Parameter = ANY.or_null().or_unknown();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("coalesce", &[], Want::Any, coalesce).and_more(ARGUMENT),
    Function::new("coalescelist", &[], Want::Any, coalescelist).and_more(ARGUMENT),
];

/// Evaluates arguments until one does not fail. An unknown is a result: its symbol says more than the call would.
pub(super) fn try_each(site: &Site<'_>) -> Result<Value> {
    if site.call.expand {
        return match site.evaluator.arguments(site.call, site.names)? {
            Arguments::Known(values) => match values.first() {
                Some(value) => Ok(value.clone()),
                None => site.fail("it needs at least one argument"),
            },
            Arguments::Unknown(value) => Ok(site.unknown(&value, Type::Any)),
        };
    }
    let mut last = None;
    for argument in &site.call.arguments {
        match site.evaluator.evaluate(argument, site.names) {
            Ok(value) => return Ok(site.evaluator.through(site.span, value, None)),
            Err(error) if error.is_limit() => return Err(error),
            Err(error) => last = Some(error),
        }
    }
    match last {
        Some(error) => site.fail(format!("no expression succeeded; the last: {error}")),
        None => site.fail("it needs at least one argument"),
    }
}

/// Tells whether an expression does not fail; an unknown may still.
pub(super) fn can(site: &Site<'_>) -> Result<Value> {
    let [argument] = site.call.arguments.as_slice() else {
        return site.fail(format!("it takes 1 argument, not {}", site.call.arguments.len()));
    };
    match site.evaluator.evaluate(argument, site.names) {
        Ok(value) if value.is_wholly_known() => {
            let origin = site.evaluator.computed(site.span, &[&value]);
            Ok(Value::bool(true, origin))
        }
        Ok(value) => Ok(site.unknown(&value, Type::Bool).not_null()),
        Err(error) if error.is_limit() => Err(error),
        Err(_) => {
            let origin = site.run.store.origins.computed(site.span, []);
            Ok(Value::bool(false, origin))
        }
    }
}

fn coalesce(call: &Call<'_>) -> Result<Value> {
    let kinds: Vec<Type> = call.arguments.iter().map(Value::type_of).collect();
    let Some(kind) = unify(&kinds, Mode::Unsafe) else {
        return call.fail("all arguments must have the same type");
    };
    for (index, argument) in call.arguments.iter().enumerate() {
        let value = convert(call.store(), argument, &kind).map_err(|error| call.error(error))?;
        // There is a result only if one argument is something: this one, if no other can be.
        let is_only =
            call.arguments[index + 1..].iter().all(|rest| rest.is_null() || rest.as_str() == Some(""));
        match &value.kind {
            Kind::Null(_) => {}
            Kind::String(text) if text.is_known() && text.is_empty() => {}
            Kind::String(text) if !text.is_known() && !is_only && !surely_not_empty(call.store(), text) => {
                return Ok(call.unknown(kind));
            }
            Kind::Unknown(_) if is_only => return Ok(call.passed(&value).not_null()),
            // An ID that a provider computes is neither null nor empty.
            Kind::Unknown(unknown) if unknown.not_null && is_identifier(call.store(), unknown.symbol) => {
                return Ok(call.passed(&value));
            }
            Kind::Unknown(_) => return Ok(call.unknown(kind)),
            _ => return Ok(call.passed(&value)),
        }
    }
    call.fail("there is no argument that is neither null nor empty")
}

fn coalescelist(call: &Call<'_>) -> Result<Value> {
    if call.arguments.is_empty() {
        return call.fail("it needs at least one argument");
    }
    let mut before_unknown = true;
    for argument in &call.arguments {
        before_unknown &= argument.is_known();
        match argument.type_of() {
            Type::List(_) | Type::Tuple(_) => {}
            // cty: once an argument is unknown, the types of those behind it are not looked at.
            _ if !before_unknown => {}
            _ => return call.fail("arguments must be lists or tuples"),
        }
    }
    let is_empty = |argument: &Value| {
        argument.is_null() || argument.as_elements().is_some_and(|elements| elements.is_empty())
    };
    for (index, argument) in call.arguments.iter().enumerate() {
        match &argument.kind {
            Kind::List(_, elements) | Kind::Tuple(elements) if !elements.is_empty() => {
                return Ok(call.passed(argument));
            }
            // There is a result only if one argument is something: this one, if no other can be.
            Kind::Unknown(_) if call.arguments[index + 1..].iter().all(is_empty) => {
                return Ok(call.passed(argument).not_null());
            }
            Kind::Unknown(unknown) => {
                return Ok(match unknown.range {
                    Some((low, _)) if low > 0 && unknown.not_null => call.passed(argument),
                    _ => call.unknown(Type::Any),
                });
            }
            _ => {}
        }
    }
    call.fail("there is no argument that is neither null nor empty")
}
