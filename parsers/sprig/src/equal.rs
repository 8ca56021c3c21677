//! Go's reflect.DeepEqual.

use std::rc::Rc;

use iac_gotemplate::{Call, Failure, Kind, Limit, List, Value};
use iac_model::SymbolId;

/// Whether two values are deeply equal, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Equality {
    Equal,
    /// It depends on an unknown.
    Open(SymbolId),
    Unequal,
}

impl From<bool> for Equality {
    fn from(equal: bool) -> Self {
        if equal { Self::Equal } else { Self::Unequal }
    }
}

/// Compares a value with others: it must not nest too deeply.
///
/// # Errors
/// When a value nests too deeply, or the work is too much.
pub(crate) fn compare(call: &mut Call<'_, '_>, a: &Value, b: &Value) -> Result<Equality, Failure> {
    call.spend(1)?;
    if is_flat(a) || is_flat(b) {
        return compare_within(call, a, b);
    }
    if !a.is_shallow() || !b.is_shallow() {
        return Err(Limit::ValueDepth.into());
    }
    compare_within(call, a, b)
}

fn is_flat(value: &Value) -> bool {
    !matches!(value.kind, Kind::List(_) | Kind::Map(_))
}

/// Types count: an `int` equals no `int64`, a nil slice no empty one.
fn compare_within(call: &mut Call<'_, '_>, a: &Value, b: &Value) -> Result<Equality, Failure> {
    Ok(match (&a.kind, &b.kind) {
        (Kind::Unknown(a), Kind::Unknown(b)) if a == b => Equality::Equal,
        (Kind::Unknown(symbol), _) | (_, Kind::Unknown(symbol)) => Equality::Open(*symbol),
        (Kind::Bool(a), Kind::Bool(b)) => (a == b).into(),
        (Kind::Bytes(a), Kind::Bytes(b)) => (a.bytes() == b.bytes()).into(),
        (Kind::String(a), Kind::String(b)) => match a.bytes() == b.bytes() {
            true => Equality::Equal,
            false => a.symbols().chain(b.symbols()).next().map_or(Equality::Unequal, Equality::Open),
        },
        (Kind::Complex(a), Kind::Complex(b)) => (a == b).into(),
        (Kind::Float(a), Kind::Float(b)) => (a == b).into(),
        (Kind::Int(a), Kind::Int(b)) | (Kind::Int64(a), Kind::Int64(b)) => (a == b).into(),
        (Kind::Uint64(a), Kind::Uint64(b)) => (a == b).into(),
        (Kind::Uint8(a), Kind::Uint8(b)) => (a == b).into(),
        (Kind::Nil, Kind::Nil) => Equality::Equal,
        (Kind::Object(a), Kind::Object(b)) => {
            (Rc::ptr_eq(a, b) || a.equals(b.as_ref()).unwrap_or(false)).into()
        }
        (Kind::List(a), Kind::List(b)) => return compare_lists(call, a, b),
        (Kind::Map(a), Kind::Map(b)) => {
            if a.map_type() != b.map_type() || a.is_nil() != b.is_nil() || a.len() != b.len() {
                return Ok(Equality::Unequal);
            }
            if a.is_same(b) {
                return Ok(Equality::Equal);
            }
            let mut pairs = Vec::new();
            for (key, value) in a.entries() {
                match b.get(key.bytes()) {
                    Some(other) => pairs.push((value, other)),
                    None => return Ok(Equality::Unequal),
                }
            }
            return all(call, pairs.iter().map(|(a, b)| (a, b)));
        }
        _ => Equality::Unequal,
    })
}

fn compare_lists(call: &mut Call<'_, '_>, a: &List, b: &List) -> Result<Equality, Failure> {
    if a.list_type() != b.list_type() || a.is_nil() != b.is_nil() || a.len() != b.len() {
        return Ok(Equality::Unequal);
    }
    if a.is_same(b) {
        return Ok(Equality::Equal);
    }
    all(call, a.iter().zip(b))
}

fn all<'v>(
    call: &mut Call<'_, '_>,
    pairs: impl Iterator<Item = (&'v Value, &'v Value)>,
) -> Result<Equality, Failure> {
    let mut result = Equality::Equal;
    for (a, b) in pairs {
        call.spend(1)?;
        match compare_within(call, a, b)? {
            Equality::Unequal => return Ok(Equality::Unequal),
            open @ Equality::Open(_) => result = open,
            Equality::Equal => {}
        }
    }
    Ok(result)
}
