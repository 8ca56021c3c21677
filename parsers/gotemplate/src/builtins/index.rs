//! `index`, `slice` and `len`.

use iac_model::TypeHint;

use crate::call::Call;
use crate::eval::Operand;
use crate::standing::{Standing, open_symbol};
use crate::{Failure, Kind, List, Value};

/// `index x 1 2`: `x[1][2]`.
pub(super) fn index(call: &mut Call<'_, '_>, operands: &[Operand]) -> Result<Value, Failure> {
    let Some((first, indexes)) = operands.split_first() else {
        return Err(Failure::message("index of untyped nil"));
    };
    let mut item = first.value.clone();
    if matches!(item.kind, Kind::Nil) {
        return Err(Failure::message("index of untyped nil"));
    }
    for index in indexes {
        let index = &index.value;
        item = match &item.kind {
            Kind::Nil => return Err(Failure::message("index of nil pointer")),
            Kind::Unknown(symbol) => {
                let path = match &index.kind {
                    Kind::String(text) => format!("[{}]", crate::printf::quoted(text.bytes())),
                    other => format!("[{other:?}]"),
                };
                let part = crate::call::part_of(call.store(), *symbol, &path);
                Value::new(Kind::Unknown(part), item.origin)
            }
            _ if open_symbol(call.store(), index).is_some() => call.derived(TypeHint::Any),
            Kind::String(text) | Kind::Bytes(text) => {
                let at = position(index, text.len())?;
                let Some(&byte) = text.bytes().get(at) else {
                    let what = if matches!(item.kind, Kind::String(_)) { "string" } else { "slice" };
                    return Err(out_of_range(what));
                };
                Value::new(Kind::Uint8(byte), text.run_at(at).origin)
            }
            Kind::List(list) => {
                let at = position(index, list.len())?;
                list.items().get(at).cloned().ok_or_else(|| out_of_range("slice"))?
            }
            Kind::Map(map) => match &index.kind {
                Kind::Nil => return Err(Failure::message("value is nil; should be of type string")),
                Kind::String(key) => {
                    map.get(key.bytes()).unwrap_or_else(|| map.map_type().element().zero(item.origin))
                }
                _ => {
                    let message = format!("value has type {}; should be string", index.type_name());
                    return Err(Failure::message(message));
                }
            },
            _ => {
                return Err(Failure::message(format!("can't index item of type {}", pointed_to(&item))));
            }
        };
    }
    Ok(item)
}

/// The type of what a pointer points to, or of the value itself.
fn pointed_to(value: &Value) -> String {
    value.type_name().trim_start_matches('*').to_string()
}

/// What Go's reflection panics with when an index is just behind the end.
fn out_of_range(what: &str) -> Failure {
    Failure::message(format!("reflect: {what} index out of range"))
}

fn position(index: &Value, most: usize) -> Result<usize, Failure> {
    let at = match &index.kind {
        Kind::Nil => return Err(Failure::message("cannot index slice/array with nil")),
        Kind::Uint64(int) => *int as i64,
        _ => match index.as_i64() {
            Some(int) => int,
            None => {
                let message = format!("cannot index slice/array with type {}", index.type_name());
                return Err(Failure::message(message));
            }
        },
    };
    match usize::try_from(at) {
        Ok(position) if position <= most => Ok(position),
        _ => Err(Failure::message(format!("index out of range: {at}"))),
    }
}

/// `slice x 1 2`: `x[1:2]`.
pub(super) fn slice(call: &mut Call<'_, '_>, operands: &[Operand]) -> Result<Value, Failure> {
    let Some((first, indexes)) = operands.split_first() else {
        return Err(Failure::message("slice of untyped nil"));
    };
    let item = &first.value;
    if matches!(item.kind, Kind::Nil) {
        return Err(Failure::message("slice of untyped nil"));
    }
    if indexes.len() > 3 {
        return Err(Failure::message(format!("too many slice indexes: {}", indexes.len())));
    }
    let len = match &item.kind {
        Kind::String(_) if indexes.len() == 3 => {
            return Err(Failure::message("cannot 3-index slice a string"));
        }
        Kind::Bytes(text) | Kind::String(text) => text.len(),
        Kind::List(list) => list.len(),
        Kind::Unknown(_) => return Ok(call.derived(TypeHint::Any)),
        _ => return Err(Failure::message(format!("can't slice item of type {}", item.type_name()))),
    };
    let mut bounds = [0, len];
    let mut capacity = len;
    for (at, index) in indexes.iter().enumerate() {
        if open_symbol(call.store(), &index.value).is_some() {
            return Ok(call.derived(TypeHint::Any));
        }
        let position = position(&index.value, len)?;
        match bounds.get_mut(at) {
            Some(bound) => *bound = position,
            None => capacity = position,
        }
    }
    let [start, end] = bounds;
    if start > end {
        return Err(Failure::message(format!("invalid slice index: {start} > {end}")));
    }
    if end > capacity {
        return Err(Failure::message(format!("invalid slice index: {end} > {capacity}")));
    }
    Ok(match &item.kind {
        Kind::String(text) => Value::new(Kind::String(text.slice(start..end)), item.origin),
        Kind::Bytes(text) => Value::new(Kind::Bytes(text.slice(start..end)), item.origin),
        Kind::List(list) => {
            let part = List::new(list.list_type(), list.items()[start..end].to_vec());
            Value::new(Kind::List(part), item.origin)
        }
        _ => item.clone(),
    })
}

/// `len x`
pub(super) fn len(call: &mut Call<'_, '_>, operands: &[Operand]) -> Result<Value, Failure> {
    let Some(operand) = operands.first() else {
        return Err(Failure::message("len of nil pointer"));
    };
    let len = match &operand.value.kind {
        Kind::Nil if operand.in_interface => return Err(Failure::message("len of nil pointer")),
        // Go's reflection panics here.
        Kind::Nil => return Err(Failure::message("reflect: call of reflect.Value.Type on zero Value")),
        Kind::Unknown(_) => return Ok(call.derived(TypeHint::Number)),
        Kind::Bytes(text) | Kind::String(text) => match Standing::of(call.store(), [&operand.value]) {
            Standing::Unknown(_) => return Ok(call.derived(TypeHint::Number)),
            Standing::Generated(symbol) => return Ok(call.assuming(Kind::Int(text.len() as i64), symbol)),
            Standing::Known => text.len(),
        },
        Kind::List(list) => list.len(),
        Kind::Map(map) => map.len(),
        _ => return Err(Failure::message(format!("len of type {}", pointed_to(&operand.value)))),
    };
    Ok(call.value(Kind::Int(len as i64)))
}
