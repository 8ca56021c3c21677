//! Maps. They are shared: `set`, `unset` and the merges change their first argument for every holder.

use std::collections::HashSet;

use iac_gotemplate::Param::{Any, Map as MapParam, String as Str};
use iac_gotemplate::{Args, Call, Element, Failure, Function, Kind, List, ListType, Map, Unknowns, Value};
use iac_model::{Text, TypeHint};

use crate::merge::{self, Mode};
use crate::standing::here;
use crate::strings::strval;

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("dict", &[], dict).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("dig", &[], dig).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("get", &[MapParam, Str], get).unknowns(Unknowns::Handled),
    Function::new("hasKey", &[MapParam, Str], has_key).unknowns(Unknowns::Handled).result(TypeHint::Bool),
    Function::new("keys", &[], keys).variadic(MapParam).result(TypeHint::List),
    Function::new("merge", &[MapParam], merge).variadic(MapParam).result(TypeHint::Map),
    Function::new("mergeOverwrite", &[MapParam], merge_overwrite).variadic(MapParam).result(TypeHint::Map),
    Function::new("mustMerge", &[MapParam], must_merge).variadic(MapParam).result(TypeHint::Map),
    Function::new("mustMergeOverwrite", &[MapParam], must_merge_overwrite)
        .variadic(MapParam)
        .result(TypeHint::Map),
    Function::new("omit", &[MapParam], omit).variadic(Str).unknowns(Unknowns::Handled).result(TypeHint::Map),
    Function::new("pick", &[MapParam], pick).variadic(Str).unknowns(Unknowns::Handled).result(TypeHint::Map),
    Function::new("pluck", &[Str], pluck).variadic(MapParam).result(TypeHint::List),
    Function::new("set", &[MapParam, Str, Any], set).unknowns(Unknowns::Handled).result(TypeHint::Map),
    Function::new("unset", &[MapParam, Str], unset).unknowns(Unknowns::Handled).result(TypeHint::Map),
    Function::new("values", &[MapParam], values).result(TypeHint::List),
];

type Result<T> = std::result::Result<T, Failure>;

/// The map and the known key of a call, or what the call returns because one of them is unknown.
enum Access<'a> {
    Known(&'a Map, Text),
    Unknown(Value),
}

fn access<'a>(call: &mut Call<'_, '_>, args: Args<'a>, hint: TypeHint) -> Result<Access<'a>> {
    let (map, key) = (args.value(0)?, args.value(1)?);
    let key = match &key.kind {
        // A generated key shows its stand-in; another unknown key could be any.
        Kind::String(text) => text.clone(),
        _ => return Ok(Access::Unknown(call.derived(hint))),
    };
    match &map.kind {
        Kind::Map(map) => Ok(Access::Known(map, key)),
        Kind::Unknown(symbol) if hint == TypeHint::Any => {
            let path = format!(".{}", key.to_str_lossy());
            Ok(Access::Unknown(call.part(*symbol, &path)))
        }
        _ => Ok(Access::Unknown(call.derived(hint))),
    }
}

fn dict(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let mut entries = Vec::with_capacity(args.len().div_ceil(2));
    for pair in args.all().chunks(2) {
        let key = strval(call, &pair[0])?;
        let value = match pair.get(1) {
            Some(value) => value.clone(),
            None => Value::string(Text::new("", here(call))),
        };
        entries.push((key, value));
    }
    let origin = call.origin();
    Ok(Value::map(entries, origin))
}

fn get(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (map, key) = match access(call, args, TypeHint::Any)? {
        Access::Known(map, key) => (map, key),
        Access::Unknown(value) => return Ok(value),
    };
    Ok(map.get(key.bytes()).unwrap_or_else(|| Value::string(Text::new("", here(call)))))
}

fn has_key(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (map, key) = match access(call, args, TypeHint::Bool)? {
        Access::Known(map, key) => (map, key),
        Access::Unknown(value) => return Ok(value),
    };
    // What stands at the key explains the answer; without it the whole map does.
    Ok(match map.entry(key.bytes()) {
        Some((_, value)) => Value::new(Kind::Bool(true), value.origin),
        None => Value::new(Kind::Bool(false), call.origin_of(args.value(0))),
    })
}

fn set(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (map, key) = match access(call, args, TypeHint::Map)? {
        Access::Known(map, key) => (map, key),
        Access::Unknown(value) => return Ok(value),
    };
    call.check_list(map.len())?;
    let value = call.guarded(args.value(2)?);
    map.insert(key, value)?;
    Ok(args.value(0)?.clone())
}

fn unset(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    match access(call, args, TypeHint::Map)? {
        Access::Known(map, key) => {
            map.remove(key.bytes());
            Ok(args.value(0)?.clone())
        }
        Access::Unknown(value) => Ok(value),
    }
}

fn pluck(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let key = args.text(0)?;
    let found = args.from(1).iter().filter_map(|map| map.as_map()?.get(key.bytes())).collect();
    call.list(found)
}

fn keys(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    // Go's order is random; here keys are sorted.
    let keys: Vec<Value> =
        args.into_iter().filter_map(Value::as_map).flat_map(Map::keys).map(Value::string).collect();
    call.check_list(keys.len())?;
    call.spend(keys.len() as u64 / 16)?;
    Ok(call.value(Kind::List(List::new(ListType::Of(Element::String), keys))))
}

fn values(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    // Go's order is random; here it is that of the keys.
    let entries = args.map(0)?.entries();
    call.spend(entries.len() as u64 / 16)?;
    call.list(entries.into_iter().map(|(_, value)| value).collect())
}

/// The key arguments, if the map and all of them are known.
fn selection<'a>(args: Args<'a>) -> Option<(&'a Map, HashSet<&'a [u8]>)> {
    let map = args.value(0).ok()?.as_map()?;
    let keys = args.from(1).iter().map(|key| key.as_text().map(Text::bytes)).collect::<Option<_>>()?;
    Some((map, keys))
}

fn pick(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let Some((map, keys)) = selection(args) else { return Ok(call.derived(TypeHint::Map)) };
    let entries: Vec<_> = keys.into_iter().filter_map(|key| map.entry(key)).collect();
    let origin = call.origin_of(args.value(0));
    Ok(Value::map(entries, origin))
}

fn omit(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let Some((map, keys)) = selection(args) else { return Ok(call.derived(TypeHint::Map)) };
    let mut entries = map.entries();
    call.spend(entries.len() as u64 / 16)?;
    entries.retain(|(key, _)| !keys.contains(key.bytes()));
    let origin = call.origin_of(args.value(0));
    Ok(Value::map(entries, origin))
}

fn dig(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let [keys @ .., default, map] = args.all() else {
        return Err(Failure::message("dig needs at least three arguments"));
    };
    if keys.is_empty() {
        return Err(Failure::message("dig needs at least three arguments"));
    }
    if !matches!(map.kind, Kind::Unknown(_)) {
        plain_map(map)?;
    }
    for key in keys {
        if !matches!(key.kind, Kind::String(_)) {
            return if let Kind::Unknown(_) = key.kind {
                Ok(call.derived(TypeHint::Any))
            } else {
                Err(conversion(key, "string"))
            };
        }
    }
    let mut at = map.clone();
    for (index, key) in keys.iter().filter_map(Value::as_text).enumerate() {
        if let Kind::Unknown(symbol) = at.kind {
            let path: String = keys[index..]
                .iter()
                .filter_map(Value::as_text)
                .map(|key| format!(".{}", key.to_str_lossy()))
                .collect();
            return Ok(call.part(symbol, &path));
        }
        match plain_map(&at)?.get(key.bytes()) {
            Some(value) => at = value,
            None => return Ok(crate::standing::chosen(call, default, at.origin)),
        }
    }
    Ok(at)
}

/// sprig asserts `map[string]interface {}`; named map types do not pass.
fn plain_map(value: &Value) -> Result<&Map> {
    value
        .as_map()
        .filter(|map| map.map_type() == iac_gotemplate::MapType::Any)
        .ok_or_else(|| conversion(value, "map[string]interface {}"))
}

/// Go: the panic of a type assertion that does not hold.
fn conversion(value: &Value, wanted: &str) -> Failure {
    let found = match value.kind {
        Kind::Nil => "nil".into(),
        _ => value.type_name(),
    };
    Failure::message(format!("interface conversion: interface {{}} is {found}, not {wanted}"))
}

fn merge(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    merged(call, args, Mode::Fill, Trouble::Swallow)
}

fn must_merge(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    merged(call, args, Mode::Fill, Trouble::Fail)
}

fn merge_overwrite(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    merged(call, args, Mode::Overwrite, Trouble::Swallow)
}

fn must_merge_overwrite(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    merged(call, args, Mode::Overwrite, Trouble::Fail)
}

/// What an error of a merge becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Fail,
    Swallow,
}

fn merged(call: &mut Call<'_, '_>, args: Args<'_>, mode: Mode, trouble: Trouble) -> Result<Value> {
    let mut target = args.value(0)?.clone();
    for source in args.from(1) {
        let (Some(into), Some(from)) = (target.as_map(), source.as_map()) else { continue };
        if into.is_nil() && !from.is_nil() {
            target = Value::map([], target.origin);
        }
        let Some(into) = target.as_map() else { continue };
        match merge::merge(call, into, from, mode) {
            Ok(()) => {}
            Err(merge::Error::Types) if trouble == Trouble::Swallow => return call.text(""),
            Err(merge::Error::Types) => {
                return Err(Failure::message("src and dst must be of same type"));
            }
            Err(merge::Error::Failure(failure)) => return Err(failure),
        }
    }
    Ok(target)
}
