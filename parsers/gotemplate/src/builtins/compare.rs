//! Comparisons.

use std::cmp::Ordering;

use iac_model::{SymbolId, Text};

use super::Builtin;
use crate::call::Call;
use crate::eval::Operand;
use crate::standing::Standing;
use crate::{Failure, Kind, Value};

/// A value of a type that can be ordered or at least compared, and its class: only values of one class compare.
enum Basic {
    Bool(bool),
    Complex((f64, f64)),
    Float(f64),
    Int(i64),
    String(Text),
    Uint(u64),
}

/// What a comparison says.
enum Answer {
    /// So it is taken, because of a symbol: nothing is equal to what is not known.
    Assumed(bool, SymbolId),
    Known(bool),
}

fn basic(value: &Value) -> Option<Basic> {
    Some(match &value.kind {
        Kind::Bool(bool) => Basic::Bool(*bool),
        Kind::Complex(parts) => Basic::Complex(**parts),
        Kind::Float(float) => Basic::Float(*float),
        Kind::Int(int) | Kind::Int64(int) => Basic::Int(*int),
        Kind::Object(object) => return object.basic().and_then(|value| basic(&value)),
        Kind::String(text) => Basic::String(text.clone()),
        Kind::Uint64(int) => Basic::Uint(*int),
        Kind::Uint8(int) => Basic::Uint(u64::from(*int)),
        Kind::Bytes(_) | Kind::List(_) | Kind::Map(_) | Kind::Nil | Kind::Unknown(_) => return None,
    })
}

/// `eq`: equal to any of the further arguments.
pub(super) fn eq(call: &mut Call<'_, '_>, operands: &[Operand]) -> Result<Value, Failure> {
    let answer = any_equal(call, operands)?;
    Ok(answered(call, answer, false))
}

/// `ne`
pub(super) fn ne(call: &mut Call<'_, '_>, operands: &[Operand]) -> Result<Value, Failure> {
    let answer = any_equal(call, operands)?;
    Ok(answered(call, answer, true))
}

/// `lt`, `le`, `gt` and `ge`. Go builds all of them from less and equal.
pub(super) fn order(
    builtin: Builtin,
    call: &mut Call<'_, '_>,
    operands: &[Operand],
) -> Result<Value, Failure> {
    let [left, right] = operands else {
        return Err(Failure::message("missing argument for comparison"));
    };
    let standing = Standing::of(call.store(), [&left.value, &right.value]);
    if let Standing::Unknown(symbol) = standing {
        return Ok(call.assuming(Kind::Bool(false), symbol));
    }
    let ordering = compare(&left.value, &right.value)?;
    // What cannot be ordered (NaN) is neither less nor equal; Go's gt and ge are the negations of le and lt.
    let holds = match builtin {
        Builtin::Le => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
        Builtin::Gt => !matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
        Builtin::Ge => ordering != Some(Ordering::Less),
        _ => ordering == Some(Ordering::Less),
    };
    Ok(match standing {
        Standing::Generated(symbol) => call.assuming(Kind::Bool(holds), symbol),
        Standing::Known | Standing::Unknown(_) => call.value(Kind::Bool(holds)),
    })
}

fn compare(left: &Value, right: &Value) -> Result<Option<Ordering>, Failure> {
    let bad = || Failure::message("invalid type for comparison");
    let (a, b) = (basic(left).ok_or_else(bad)?, basic(right).ok_or_else(bad)?);
    Ok(match (a, b) {
        (Basic::Bool(_), Basic::Bool(_)) | (Basic::Complex(_), Basic::Complex(_)) => return Err(bad()),
        (Basic::Float(a), Basic::Float(b)) => a.partial_cmp(&b),
        (Basic::Int(a), Basic::Int(b)) => Some(a.cmp(&b)),
        (Basic::String(a), Basic::String(b)) => Some(a.bytes().cmp(b.bytes())),
        (Basic::Uint(a), Basic::Uint(b)) => Some(a.cmp(&b)),
        (Basic::Int(a), Basic::Uint(b)) => Some(i128::from(a).cmp(&i128::from(b))),
        (Basic::Uint(a), Basic::Int(b)) => Some(i128::from(a).cmp(&i128::from(b))),
        _ => return Err(incompatible(left, right)),
    })
}

fn incompatible(left: &Value, right: &Value) -> Failure {
    let (left, right) = (left.type_name(), right.type_name());
    Failure::message(format!("incompatible types for comparison: {left} and {right}"))
}

fn any_equal(call: &mut Call<'_, '_>, operands: &[Operand]) -> Result<Answer, Failure> {
    let Some((first, others)) = operands.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Err(Failure::message("missing argument for comparison"));
    };
    let mut assumed = None;
    for other in others {
        match equal(call, &first.value, &other.value)? {
            equal @ (Answer::Known(true) | Answer::Assumed(true, _)) => return Ok(equal),
            Answer::Known(false) => {}
            Answer::Assumed(false, symbol) => assumed = assumed.or(Some(symbol)),
        }
    }
    Ok(assumed.map_or(Answer::Known(false), |symbol| Answer::Assumed(false, symbol)))
}

fn equal(call: &mut Call<'_, '_>, left: &Value, right: &Value) -> Result<Answer, Failure> {
    let standing = Standing::of(call.store(), [left, right]);
    if standing != Standing::Known && same_symbols(left, right) {
        return Ok(Answer::Known(true));
    }
    if let Standing::Unknown(symbol) = standing {
        return Ok(Answer::Assumed(false, symbol));
    }
    let is_nil = |value: &Value| matches!(value.kind, Kind::Nil);
    let equal = match (basic(left), basic(right)) {
        (Some(Basic::Bool(a)), Some(Basic::Bool(b))) => a == b,
        (Some(Basic::Complex(a)), Some(Basic::Complex(b))) => a == b,
        (Some(Basic::Float(a)), Some(Basic::Float(b))) => a == b,
        (Some(Basic::Int(a)), Some(Basic::Int(b))) => a == b,
        (Some(Basic::String(a)), Some(Basic::String(b))) => a.bytes() == b.bytes(),
        (Some(Basic::Uint(a)), Some(Basic::Uint(b))) => a == b,
        (Some(Basic::Int(a)), Some(Basic::Uint(b))) | (Some(Basic::Uint(b)), Some(Basic::Int(a))) => {
            i128::from(a) == i128::from(b)
        }
        (None, None) => return incomparable(call, left, right),
        _ if is_nil(left) || is_nil(right) => false,
        _ => return Err(incompatible(left, right)),
    };
    Ok(match standing {
        Standing::Generated(symbol) => Answer::Assumed(equal, symbol),
        Standing::Known | Standing::Unknown(_) => Answer::Known(equal),
    })
}

/// Two values that are not basic: nils compare, and what the host can compare.
fn incomparable(call: &mut Call<'_, '_>, left: &Value, right: &Value) -> Result<Answer, Failure> {
    let is_nil = |value: &Value| matches!(value.kind, Kind::Nil);
    let comparable = left.kind_name() == right.kind_name() || is_nil(left) || is_nil(right);
    if !comparable {
        let (a, b) = (formatted(call, left, 's')?, formatted(call, right, 'v')?);
        let (a_type, b_type) = (left.type_name(), right.type_name());
        return Err(Failure::message(format!("non-comparable types {a}: {a_type}, {b_type}: {b}")));
    }
    if left.is_nil() || right.is_nil() {
        return Ok(Answer::Known(left.is_nil() == right.is_nil()));
    }
    if let (Kind::Object(a), Kind::Object(b)) = (&left.kind, &right.kind)
        && let Some(equal) = a.equals(&**b)
    {
        return Ok(Answer::Known(equal));
    }
    let shown = formatted(call, right, 's')?;
    Err(Failure::message(format!("non-comparable type {shown}: {}", right.type_name())))
}

fn formatted(call: &mut Call<'_, '_>, value: &Value, verb: char) -> Result<String, Failure> {
    let format = Text::new(format!("%{verb}"), value.origin);
    Ok(call.sprintf(&format, std::slice::from_ref(value))?.to_str_lossy().into_owned())
}

/// Tells whether both are made of the very same symbols and bytes.
fn same_symbols(left: &Value, right: &Value) -> bool {
    match (&left.kind, &right.kind) {
        (Kind::Unknown(a), Kind::Unknown(b)) => a == b,
        (Kind::String(a), Kind::String(b)) => a.bytes() == b.bytes() && a.symbols().eq(b.symbols()),
        (Kind::String(text), Kind::Unknown(symbol)) | (Kind::Unknown(symbol), Kind::String(text)) => {
            // A text that is one whole symbol has one run; its placeholder is unique.
            text.symbols().eq([*symbol]) && text.runs().count() == 1
        }
        _ => false,
    }
}

fn answered(call: &mut Call<'_, '_>, answer: Answer, negate: bool) -> Value {
    match answer {
        Answer::Known(equal) => call.value(Kind::Bool(equal != negate)),
        Answer::Assumed(equal, symbol) => call.assuming(Kind::Bool(equal != negate), symbol),
    }
}
