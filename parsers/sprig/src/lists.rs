//! Lists.

use std::borrow::Cow;

use iac_gotemplate::Param::{Any, Int};
use iac_gotemplate::{Args, Call, Element, Failure, Function, Kind, List, ListType, Unknowns, Value};
use iac_model::{SymbolId, TypeHint};

use crate::cast::to_i64;
use crate::equal::{self, Equality};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("append", &[Any, Any], append).unknowns(Unknowns::Handled).result(TypeHint::List),
    Function::new("chunk", &[Int, Any], chunk).result(TypeHint::List),
    Function::new("compact", &[Any], compact).result(TypeHint::List),
    Function::new("concat", &[], concat).variadic(Any).result(TypeHint::List),
    Function::new("first", &[Any], first).unknowns(Unknowns::Handled),
    Function::new("has", &[Any, Any], has).unknowns(Unknowns::Handled).result(TypeHint::Bool),
    Function::new("initial", &[Any], initial).result(TypeHint::List),
    Function::new("last", &[Any], last),
    Function::new("list", &[], list).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("mustAppend", &[Any, Any], append).unknowns(Unknowns::Handled).result(TypeHint::List),
    Function::new("mustChunk", &[Int, Any], chunk).result(TypeHint::List),
    Function::new("mustCompact", &[Any], compact).result(TypeHint::List),
    Function::new("mustFirst", &[Any], first).unknowns(Unknowns::Handled),
    Function::new("mustHas", &[Any, Any], has).unknowns(Unknowns::Handled).result(TypeHint::Bool),
    Function::new("mustInitial", &[Any], initial).result(TypeHint::List),
    Function::new("mustLast", &[Any], last),
    Function::new("mustPrepend", &[Any, Any], prepend).unknowns(Unknowns::Handled).result(TypeHint::List),
    Function::new("mustPush", &[Any, Any], append).unknowns(Unknowns::Handled).result(TypeHint::List),
    Function::new("mustRest", &[Any], rest).result(TypeHint::List),
    Function::new("mustReverse", &[Any], reverse).result(TypeHint::List),
    Function::new("mustSlice", &[Any], slice).variadic(Any).result(TypeHint::List),
    Function::new("mustUniq", &[Any], uniq).result(TypeHint::List),
    Function::new("mustWithout", &[Any], without)
        .variadic(Any)
        .unknowns(Unknowns::Handled)
        .result(TypeHint::List),
    Function::new("prepend", &[Any, Any], prepend).unknowns(Unknowns::Handled).result(TypeHint::List),
    Function::new("push", &[Any, Any], append).unknowns(Unknowns::Handled).result(TypeHint::List),
    Function::new("rest", &[Any], rest).result(TypeHint::List),
    Function::new("reverse", &[Any], reverse).result(TypeHint::List),
    Function::new("slice", &[Any], slice).variadic(Any).result(TypeHint::List),
    Function::new("tuple", &[], list).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("uniq", &[Any], uniq).result(TypeHint::List),
    Function::new("without", &[Any], without)
        .variadic(Any)
        .unknowns(Unknowns::Handled)
        .result(TypeHint::List),
];

type Result<T> = std::result::Result<T, Failure>;

/// Go: a method of the type of nil.
pub(crate) fn nil_dereference() -> Failure {
    Failure::message("runtime error: invalid memory address or nil pointer dereference")
}

/// The elements of what Go takes for a slice; `refusal` stands before the kind of anything else.
fn elements<'v>(value: &'v Value, refusal: &str) -> Result<Cow<'v, [Value]>> {
    match slice_elements(value) {
        Some(elements) => Ok(elements),
        None if matches!(value.kind, Kind::Nil) => Err(nil_dereference()),
        None => Err(Failure::message(format!("{refusal} {}", value.kind_name()))),
    }
}

/// The elements of a slice: of a list, or the bytes of a `[]uint8`.
pub(crate) fn slice_elements(value: &Value) -> Option<Cow<'_, [Value]>> {
    match &value.kind {
        Kind::List(list) => Some(Cow::Borrowed(list.items())),
        Kind::Bytes(text) => {
            let byte = |(at, &byte): (usize, &u8)| Value::new(Kind::Uint8(byte), text.run_at(at).origin);
            Some(Cow::Owned(text.bytes().iter().enumerate().map(byte).collect()))
        }
        _ => None,
    }
}

/// The nil slice that some functions return for an empty list.
fn nothing(call: &mut Call<'_, '_>) -> Value {
    call.value(Kind::List(List::nil(ListType::Any)))
}

fn list(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    call.list(args.all().to_vec())
}

fn append(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (list, value) = (args.value(0)?, args.value(1)?);
    if let Kind::Unknown(_) = list.kind {
        return Ok(call.derived(TypeHint::List));
    }
    let mut items = elements(list, "Cannot push on type")?.into_owned();
    call.spend(items.len() as u64 / 16)?;
    items.push(value.clone());
    call.list(items)
}

fn prepend(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (list, value) = (args.value(0)?, args.value(1)?);
    if let Kind::Unknown(_) = list.kind {
        return Ok(call.derived(TypeHint::List));
    }
    let mut items = elements(list, "Cannot prepend on type")?.into_owned();
    call.spend(items.len() as u64 / 16)?;
    items.insert(0, value.clone());
    call.list(items)
}

fn concat(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let mut items = Vec::new();
    for list in args {
        let more = slice_elements(list).ok_or_else(|| match list.kind {
            Kind::Nil => nil_dereference(),
            _ => Failure::message(format!("Cannot concat type {} as list", list.kind_name())),
        })?;
        call.check_list(items.len() + more.len())?;
        call.spend(more.len() as u64 / 16)?;
        items.extend_from_slice(&more);
    }
    if items.is_empty() { Ok(nothing(call)) } else { call.list(items) }
}

fn chunk(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let size = args.int(0)?;
    let items = elements(args.value(1)?, "Cannot chunk type")?;
    let len = items.len() as i64;
    let too_large = || Failure::message("runtime error: makeslice: len out of range");
    // sprig computes with floats: a size of zero gives infinity, which fits no length.
    let count = ((len - 1) as f64 / size as f64).floor() + 1.0;
    if count.is_nan() || count.is_infinite() || count < 0.0 {
        return Err(too_large());
    }
    let count = count as i64;
    let origin = call.origin();
    let mut chunks = Vec::with_capacity(count as usize);
    for index in 0..count {
        let mut length = size;
        if index == count - 1 {
            length = len % size;
            if length == 0 {
                length = size;
            }
        }
        let start = index * size;
        let part = usize::try_from(length).map_err(|_| too_large())?;
        let part = items.get(start as usize..start as usize + part).unwrap_or_default();
        chunks.push(Value::list(part.to_vec(), origin));
    }
    Ok(call.value(Kind::List(List::new(ListType::Of(Element::List), chunks))))
}

fn first(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    if let Kind::Unknown(symbol) = args.value(0)?.kind {
        return Ok(call.part(symbol, "[0]"));
    }
    let items = elements(args.value(0)?, "Cannot find first on type")?;
    Ok(items.first().cloned().unwrap_or_else(|| call.value(Kind::Nil)))
}

fn last(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let items = elements(args.value(0)?, "Cannot find last on type")?;
    Ok(items.last().cloned().unwrap_or_else(|| call.value(Kind::Nil)))
}

fn rest(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let items = elements(args.value(0)?, "Cannot find rest on type")?;
    match items.split_first() {
        Some((_, rest)) => call.list(rest.to_vec()),
        None => Ok(nothing(call)),
    }
}

fn initial(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let items = elements(args.value(0)?, "Cannot find initial on type")?;
    match items.split_last() {
        Some((_, initial)) => call.list(initial.to_vec()),
        None => Ok(nothing(call)),
    }
}

fn reverse(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let items = elements(args.value(0)?, "Cannot find reverse on type")?;
    call.list(items.iter().rev().cloned().collect())
}

fn compact(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let items = elements(args.value(0)?, "Cannot compact on type")?;
    call.list(items.iter().filter(|item| !crate::defaults::is_empty(item)).cloned().collect())
}

fn uniq(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let items = elements(args.value(0)?, "Cannot find uniq on type")?;
    let mut kept: Vec<Value> = Vec::new();
    for item in items.iter() {
        if find(call, &kept, item)? != Equality::Equal {
            kept.push(item.clone());
        }
    }
    call.list(kept)
}

fn without(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    if let Kind::Unknown(_) = args.value(0)?.kind {
        return Ok(call.derived(TypeHint::List));
    }
    let items = elements(args.value(0)?, "Cannot find without on type")?;
    let mut kept = Vec::new();
    for item in items.iter() {
        if find(call, args.from(1), item)? != Equality::Equal {
            kept.push(item.clone());
        }
    }
    call.list(kept)
}

fn has(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (needle, list) = (args.value(0)?, args.value(1)?);
    if let Kind::Unknown(_) = list.kind {
        return Ok(call.derived(TypeHint::Bool));
    }
    if let Kind::Nil = list.kind {
        return Ok(call.value(Kind::Bool(false)));
    }
    let items = elements(list, "Cannot find has on type")?;
    Ok(match find(call, &items, needle)? {
        Equality::Equal => call.value(Kind::Bool(true)),
        Equality::Unequal => call.value(Kind::Bool(false)),
        Equality::Open(symbol) => call.assuming(Kind::Bool(false), symbol),
    })
}

/// Looks for an equal element.
fn find(call: &mut Call<'_, '_>, items: &[Value], needle: &Value) -> Result<Equality> {
    let mut open: Option<SymbolId> = None;
    for item in items {
        match equal::compare(call, needle, item)? {
            Equality::Equal => return Ok(Equality::Equal),
            Equality::Open(symbol) => open = open.or(Some(symbol)),
            Equality::Unequal => {}
        }
    }
    Ok(open.map_or(Equality::Unequal, Equality::Open))
}

fn slice(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let value = args.value(0)?;
    let len = elements(value, "list should be type of slice or array but")?.len();
    if len == 0 {
        return Ok(call.value(Kind::Nil));
    }
    let index = |at: usize, default: usize| match args.all().get(at) {
        Some(index) => usize::try_from(to_i64(index)).ok(),
        None => Some(default),
    };
    let range = match (index(1, 0), index(2, len)) {
        (Some(start), Some(end)) if start <= end && end <= len => start..end,
        _ => return Err(Failure::message("reflect.Value.Slice: slice index out of bounds")),
    };
    let kind = match &value.kind {
        Kind::List(list) => Kind::List(List::new(list.list_type(), list.items()[range].to_vec())),
        Kind::Bytes(text) => Kind::Bytes(text.slice(range)),
        _ => Kind::Nil,
    };
    Ok(call.value(kind))
}
