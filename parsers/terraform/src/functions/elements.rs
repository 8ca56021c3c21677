//! What is in a collection: `contains`, `element`, `index`, `length`, `one`; cty: stdlib/collection.go.

use iac_hcl::{Kind, Number, Result, Type, Value, equal};

use super::function::{ANY, COLLECTION, Function, NUMBER, Parameter, Want};
use super::lists::{nullable, sequence};
use super::texts::segments;
use super::{Call, case};

const SOME: Parameter = COLLECTION.or_unknown();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("contains", &[ANY, ANY.or_unknown()], Want::Bool, contains),
    Function::new("element", &[SOME, NUMBER], Want::Any, element),
    Function::new("index", &[ANY, ANY.or_unknown()], Want::Number, index),
    Function::new("length", &[SOME], Want::Number, length),
    Function::new("one", &[SOME], Want::Any, one),
];

fn contains(call: &Call<'_>) -> Result<Value> {
    let elements = sequence(call, call.value(0))?;
    let mut unsure = false;
    for element in elements {
        match equal(element, call.value(1)) {
            Some(true) => return Ok(call.make_bool(true)),
            Some(false) => {}
            None => unsure = true,
        }
    }
    Ok(if unsure { call.unknown(Type::Bool) } else { call.make_bool(false) })
}

fn element(call: &Call<'_>) -> Result<Value> {
    let list = call.value(0);
    if let Some(unknown) = list.as_unknown() {
        return match (&unknown.element, &unknown.kind) {
            // All elements are alike; an empty list is an error, as with an index.
            (Some(element), _) => Ok(call.passed(element)),
            (None, Type::List(kind)) => Ok(nullable(call.unknown((**kind).clone()))),
            (None, Type::Any | Type::Tuple(_)) => Ok(nullable(call.unknown(Type::Any))),
            (None, other) => call.fail(format!("cannot read elements from {}", other.friendly_name())),
        };
    }
    let (Kind::List(_, elements) | Kind::Tuple(elements)) = &list.kind else {
        return call.fail(format!("cannot read elements from {}", list.type_of().friendly_name()));
    };
    let index = call.whole(1)?;
    if elements.is_empty() {
        return call.fail("an empty list has no elements");
    }
    let at = index.rem_euclid(elements.len() as i64);
    Ok(call.passed(&elements[at as usize]))
}

fn index(call: &Call<'_>) -> Result<Value> {
    let list = call.value(0);
    let (Kind::List(_, elements) | Kind::Tuple(elements)) = &list.kind else {
        return call.fail("the first argument must be a list or tuple");
    };
    if elements.is_empty() {
        return call.fail("cannot search an empty list");
    }
    for (at, element) in elements.iter().enumerate() {
        match equal(element, call.value(1)) {
            Some(true) => return Ok(call.make_number(Number::from_usize(at))),
            Some(false) => {}
            None => return Ok(call.unknown(Type::Number)),
        }
    }
    call.fail("the item is not in the list")
}

fn length(call: &Call<'_>) -> Result<Value> {
    let value = call.value(0);
    let count = |count: usize| Ok(call.make_number(Number::from_usize(count)));
    match &value.kind {
        Kind::String(text) => match text.as_str() {
            Some(known) => count(case::length(known)),
            None => {
                let known: usize = segments(text)
                    .iter()
                    .filter(|segment| segment.symbol.is_none())
                    .map(|segment| usize::from(!segment.range.is_empty()))
                    .sum();
                Ok(call.unknown(Type::Number).in_range(known as i64, i64::MAX))
            }
        },
        // An element that is not known may turn out to be another.
        Kind::Set(_, elements) if !value.is_wholly_known() => {
            let low = i64::from(!elements.is_empty());
            Ok(call.unknown(Type::Number).in_range(low, elements.len() as i64))
        }
        Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => count(elements.len()),
        Kind::Map(_, fields) | Kind::Object(fields) if fields.has_symbolic_keys() => {
            Ok(call.unknown(Type::Number).in_range(1, fields.len() as i64))
        }
        Kind::Map(_, fields) | Kind::Object(fields) => count(fields.len()),
        Kind::Unknown(unknown) => match (&unknown.kind, unknown.range) {
            (Type::Tuple(elements), _) => count(elements.len()),
            (Type::Object(attributes), _) => count(attributes.len()),
            (Type::Bool | Type::Number, _) => wrong_length(call, value),
            (Type::List(_) | Type::Set(_) | Type::Map(_), Some((low, high))) if low == high => {
                Ok(call.make_int(low))
            }
            (Type::List(_) | Type::Set(_) | Type::Map(_), Some((low, high))) => {
                Ok(call.unknown(Type::Number).in_range(low, high))
            }
            _ => Ok(call.unknown(Type::Number).in_range(0, i64::MAX)),
        },
        Kind::Bool(_) | Kind::Null(_) | Kind::Number(_) => wrong_length(call, value),
    }
}

fn wrong_length(call: &Call<'_>, value: &Value) -> Result<Value> {
    let kind = value.type_of().friendly_name();
    call.fail(format!("the argument must be a string, a collection or a structure, not {kind}"))
}

fn one(call: &Call<'_>) -> Result<Value> {
    let value = call.value(0);
    let wrong = || call.fail("the argument must be a list, set or tuple with at most one element");
    match &value.kind {
        Kind::List(kind, elements) | Kind::Set(kind, elements) => match elements.as_slice() {
            [] => Ok(Value::null((**kind).clone(), call.origin())),
            [one] => Ok(call.passed(one)),
            _ => wrong(),
        },
        Kind::Tuple(elements) => match elements.as_slice() {
            [] => Ok(Value::null(Type::Any, call.origin())),
            [one] => Ok(call.passed(one)),
            _ => wrong(),
        },
        Kind::Unknown(unknown) => match (&unknown.element, &unknown.kind) {
            // There is such an element or there is none: its symbol or null.
            (Some(element), _) if element.as_unknown().is_some() => Ok(nullable(call.passed(element))),
            (_, Type::List(kind) | Type::Set(kind)) => Ok(nullable(call.unknown((**kind).clone()))),
            (_, Type::Tuple(kinds)) if kinds.len() > 1 => wrong(),
            (_, Type::Any | Type::Tuple(_)) => Ok(nullable(call.unknown(Type::Any))),
            _ => wrong(),
        },
        _ => wrong(),
    }
}
