//! Operators on values; cty: value_ops.go.

use iac_model::{OriginId, Store, Text};

use crate::ast::BinaryOperator;
use crate::convert::convert;
use crate::derive::derive;
use crate::value::{Fields, Kind, Value};
use crate::{Number, Type};

/// Tells whether two values are equal; `None` if that rests on an unknown. Types count: `"1"` is not `1`.
pub fn equal(a: &Value, b: &Value) -> Option<bool> {
    match (&a.kind, &b.kind) {
        (Kind::Null(_), Kind::Null(_)) => Some(true),
        (Kind::Null(_), _) => (!b.could_be_null()).then_some(false),
        (_, Kind::Null(_)) => (!a.could_be_null()).then_some(false),
        (Kind::Unknown(x), Kind::Unknown(y)) => {
            if x.symbol == y.symbol && x.kind == y.kind {
                return Some(true);
            }
            let apart = matches!((x.range, y.range), (Some(x), Some(y)) if x.1 < y.0 || y.1 < x.0);
            differ(&x.kind, &y.kind, apart && x.kind == Type::Number)
        }
        (Kind::Unknown(unknown), _) => unknown_equals(unknown, b),
        (_, Kind::Unknown(unknown)) => unknown_equals(unknown, a),
        (Kind::Bool(a), Kind::Bool(b)) => Some(a == b),
        (Kind::Number(a), Kind::Number(b)) => Some(a == b),
        (Kind::String(a), Kind::String(b)) => equal_texts(a, b),
        (Kind::List(x, a), Kind::List(y, b)) if same_type(x, y) => equal_elements(a, b),
        (Kind::Tuple(a), Kind::Tuple(b)) => equal_elements(a, b),
        (Kind::Set(x, a), Kind::Set(y, b)) if same_type(x, y) => equal_sets(a, b),
        (Kind::Map(x, a), Kind::Map(y, b)) if same_type(x, y) => equal_fields(a, b),
        (Kind::Object(a), Kind::Object(b)) => equal_fields(a, b),
        _ => Some(false),
    }
}

fn same_type(a: &Type, b: &Type) -> bool {
    a == b || a.has_any() || b.has_any()
}

fn differ(a: &Type, b: &Type, surely: bool) -> Option<bool> {
    let known_types = !a.has_any() && !b.has_any();
    if surely || (known_types && a != b && a.is_primitive() && b.is_primitive()) { Some(false) } else { None }
}

fn unknown_equals(unknown: &crate::Unknown, known: &Value) -> Option<bool> {
    if let (Some((low, high)), Kind::Number(number), Type::Number) =
        (unknown.range, &known.kind, &unknown.kind)
    {
        let outside =
            number.compare(&Number::from_i64(low)).is_lt() || number.compare(&Number::from_i64(high)).is_gt();
        if outside {
            return Some(false);
        }
    }
    let kind = known.type_of();
    if unknown.kind.has_any() || kind.has_any() || unknown.kind == kind { None } else { Some(false) }
}

/// Texts with unknown parts differ if their known beginnings or ends do, and are equal if they are the same runs.
fn equal_texts(a: &Text, b: &Text) -> Option<bool> {
    if a.is_known() && b.is_known() {
        return Some(a.bytes() == b.bytes());
    }
    if a.bytes() == b.bytes() && a.symbols().eq(b.symbols()) {
        return Some(true);
    }
    let prefix = |text: &Text| {
        let end =
            text.runs().find(|(_, run)| run.symbol.is_some()).map_or(text.len(), |(range, _)| range.start);
        text.bytes()[..end].to_vec()
    };
    let suffix = |text: &Text| {
        let last = text.runs().filter(|(_, run)| run.symbol.is_some()).last();
        let start = last.map_or(0, |(range, _)| range.end);
        text.bytes()[start..].to_vec()
    };
    let (mut x, mut y) = (prefix(a), prefix(b));
    if a.is_known() && x.len() < y.len() || b.is_known() && y.len() < x.len() {
        return Some(false);
    }
    let common = x.len().min(y.len());
    x.truncate(common);
    y.truncate(common);
    if x != y {
        return Some(false);
    }
    let (x, y) = (suffix(a), suffix(b));
    if a.is_known() && x.len() < y.len() || b.is_known() && y.len() < x.len() {
        return Some(false);
    }
    let common = x.len().min(y.len());
    if x[x.len() - common..] != y[y.len() - common..] { Some(false) } else { None }
}

fn equal_elements(a: &[Value], b: &[Value]) -> Option<bool> {
    if a.len() != b.len() {
        return Some(false);
    }
    all(a.iter().zip(b).map(|(a, b)| equal(a, b)))
}

fn equal_fields(a: &Fields, b: &Fields) -> Option<bool> {
    if a.len() != b.len() || a.iter().zip(b).any(|(a, b)| a.key != b.key) {
        return if a.has_symbolic_keys() || b.has_symbolic_keys() { None } else { Some(false) };
    }
    all(a.iter().zip(b).map(|(a, b)| equal(&a.value, &b.value)))
}

fn equal_sets(a: &[Value], b: &[Value]) -> Option<bool> {
    if a.iter().chain(b).all(Value::is_wholly_known) {
        return equal_elements(a, b);
    }
    let missing = |of: &[Value], from: &[Value]| {
        of.iter()
            .any(|one| one.is_wholly_known() && from.iter().all(|other| equal(one, other) == Some(false)))
    };
    if missing(a, b) || missing(b, a) {
        return Some(false);
    }
    if a.len() == b.len() && equal_elements(a, b) == Some(true) { Some(true) } else { None }
}

fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

/// Applies an operator to two values.
///
/// # Errors
/// When an operand does not convert to what the operator takes, or is null where that is not allowed.
pub(crate) fn binary(
    store: &Store,
    operator: BinaryOperator,
    left: &Value,
    right: &Value,
    origin: OriginId,
) -> Result<Value, String> {
    use BinaryOperator as Op;
    match operator {
        Op::Equal | Op::NotEqual => {
            let marks = left.deep_marks().and(right.deep_marks());
            let result = match equal(left, right) {
                Some(same) => Value::bool(same == (operator == Op::Equal), origin),
                None => derive(store, symbol(operator), &[left, right], Type::Bool, origin).not_null(),
            };
            Ok(result.marked(marks))
        }
        Op::And | Op::Or => {
            let (left, right) = (operand(store, left, &Type::Bool)?, operand(store, right, &Type::Bool)?);
            Ok(logical(store, operator, &left, &right, origin))
        }
        Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => {
            let (left, right) = (operand(store, left, &Type::Number)?, operand(store, right, &Type::Number)?);
            let marks = left.marks.and(right.marks);
            let result = match compare(operator, &left, &right) {
                Some(holds) => Value::bool(holds, origin),
                None => derive(store, symbol(operator), &[&left, &right], Type::Bool, origin).not_null(),
            };
            Ok(result.marked(marks))
        }
        Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Modulo => {
            let (left, right) = (operand(store, left, &Type::Number)?, operand(store, right, &Type::Number)?);
            let marks = left.marks.and(right.marks);
            let result = match (left.as_number(), right.as_number()) {
                (Some(a), Some(b)) => Value::number(arithmetic(operator, a, b)?, origin),
                _ => {
                    let result =
                        derive(store, symbol(operator), &[&left, &right], Type::Number, origin).not_null();
                    match bounds(operator, &left, &right) {
                        Some((low, high)) => result.in_range(low, high),
                        None => result,
                    }
                }
            };
            Ok(result.marked(marks))
        }
    }
}

/// `left && right` and `left || right` of bools that are not null.
fn logical(store: &Store, operator: BinaryOperator, left: &Value, right: &Value, origin: OriginId) -> Value {
    let decides = operator == BinaryOperator::Or;
    let result = match (left.as_bool(), right.as_bool()) {
        (Some(a), Some(b)) => Value::bool(if decides { a || b } else { a && b }, origin),
        (Some(one), None) | (None, Some(one)) if one == decides => Value::bool(one, origin),
        // `true && x` is x.
        (Some(_), None) => right.clone().at(origin).not_null(),
        (None, Some(_)) => left.clone().at(origin).not_null(),
        (None, None) => derive(store, symbol(operator), &[left, right], Type::Bool, origin).not_null(),
    };
    result.marked(left.marks.and(right.marks))
}

/// `-operand` and `!operand`.
///
/// # Errors
/// As [`binary`].
pub(crate) fn unary(store: &Store, negate: bool, value: &Value, origin: OriginId) -> Result<Value, String> {
    let kind = if negate { Type::Number } else { Type::Bool };
    let value = operand(store, value, &kind)?;
    let result = match &value.kind {
        Kind::Number(number) => Value::number(number.negate(), origin),
        Kind::Bool(bool) => Value::bool(!bool, origin),
        _ => derive(store, if negate { "-" } else { "!" }, &[&value], kind, origin).not_null(),
    };
    Ok(result.marked(value.marks))
}

fn operand(store: &Store, value: &Value, want: &Type) -> Result<Value, String> {
    let converted = convert(store, value, want).map_err(|error| format!("unsuitable operand: {error}"))?;
    if converted.is_null() {
        return Err("unsuitable operand: argument must not be null".into());
    }
    Ok(converted)
}

fn arithmetic(operator: BinaryOperator, a: &Number, b: &Number) -> Result<Number, String> {
    let result = match operator {
        BinaryOperator::Add => a.add(b),
        BinaryOperator::Subtract => a.subtract(b),
        BinaryOperator::Multiply => a.multiply(b),
        BinaryOperator::Divide => a.divide(b),
        _ => a.modulo(b),
    };
    result.ok_or_else(|| "the result is not a number".into())
}

/// What is known of a number.
fn range(value: &Value) -> Option<(Number, Number)> {
    match &value.kind {
        Kind::Number(number) => Some((number.clone(), number.clone())),
        Kind::Unknown(unknown) => {
            let (low, high) = unknown.range?;
            Some((Number::from_i64(low), Number::from_i64(high)))
        }
        _ => None,
    }
}

fn compare(operator: BinaryOperator, left: &Value, right: &Value) -> Option<bool> {
    let ((low, high), (other_low, other_high)) = (range(left)?, range(right)?);
    let (all_less, all_greater) = (high.compare(&other_low), low.compare(&other_high));
    match operator {
        BinaryOperator::Less if all_less.is_lt() => Some(true),
        BinaryOperator::Less if all_greater.is_ge() => Some(false),
        BinaryOperator::LessOrEqual if all_less.is_le() => Some(true),
        BinaryOperator::LessOrEqual if all_greater.is_gt() => Some(false),
        BinaryOperator::Greater if all_greater.is_gt() => Some(true),
        BinaryOperator::Greater if all_less.is_le() => Some(false),
        BinaryOperator::GreaterOrEqual if all_greater.is_ge() => Some(true),
        BinaryOperator::GreaterOrEqual if all_less.is_lt() => Some(false),
        _ => None,
    }
}

fn bounds(operator: BinaryOperator, left: &Value, right: &Value) -> Option<(i64, i64)> {
    let ((low, high), (other_low, other_high)) = (range(left)?, range(right)?);
    let (low, high) = match operator {
        BinaryOperator::Add => (low.add(&other_low)?, high.add(&other_high)?),
        BinaryOperator::Subtract => (low.subtract(&other_high)?, high.subtract(&other_low)?),
        _ => return None,
    };
    Some((low.floor().as_i64()?, high.ceiling().as_i64()?))
}

pub(crate) fn symbol(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => "+",
        BinaryOperator::And => "&&",
        BinaryOperator::Divide => "/",
        BinaryOperator::Equal => "==",
        BinaryOperator::Greater => ">",
        BinaryOperator::GreaterOrEqual => ">=",
        BinaryOperator::Less => "<",
        BinaryOperator::LessOrEqual => "<=",
        BinaryOperator::Modulo => "%",
        BinaryOperator::Multiply => "*",
        BinaryOperator::NotEqual => "!=",
        BinaryOperator::Or => "||",
        BinaryOperator::Subtract => "-",
    }
}
