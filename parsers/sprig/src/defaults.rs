//! Defaults and choices.

use iac_gotemplate::Param::{Any, Bool, String as Str};
use iac_gotemplate::{Args, Call, Failure, Function, Kind, Limit, List, Map, Unknowns, Value};
use iac_model::TypeHint;

use crate::equal::{self, Equality};
use crate::standing::chosen;
use crate::versions::VersionObject;

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("all", &[], all).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("any", &[], any).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("coalesce", &[], coalesce).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("deepCopy", &[Any], deep_copy).unknowns(Unknowns::Handled),
    Function::new("default", &[Any], default).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("empty", &[Any], empty).unknowns(Unknowns::Handled),
    Function::new("fail", &[Str], fail).unknowns(Unknowns::Text),
    Function::new("mustDeepCopy", &[Any], deep_copy).unknowns(Unknowns::Handled),
    Function::new("ternary", &[Any, Any, Bool], ternary).unknowns(Unknowns::Handled),
];

type Result<T> = std::result::Result<T, Failure>;

/// Tells whether sprig takes a value for empty. An unknown is not: what is set is normally not empty.
pub(crate) fn is_empty(value: &Value) -> bool {
    !value.truth()
}

fn default(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let default = args.value(0)?;
    match args.all().get(1) {
        Some(given) if !is_empty(given) => Ok(given.clone()),
        // The default stands here because the other value is empty.
        Some(given) => Ok(chosen(call, default, given.origin)),
        None => Ok(default.clone()),
    }
}

fn coalesce(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let found = args.all().iter().position(|value| !is_empty(value));
    Ok(match found {
        Some(0) => args.value(0)?.clone(),
        Some(at) => {
            let because = call.origin_of(&args.all()[..at]);
            chosen(call, args.value(at)?, because)
        }
        None => call.value(Kind::Nil),
    })
}

fn empty(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let value = args.value(0)?;
    truth(call, std::slice::from_ref(value), is_empty(value))
}

fn all(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    truth(call, args.all(), !args.all().iter().any(is_empty))
}

fn any(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    truth(call, args.all(), args.all().iter().any(|value| !is_empty(value)))
}

/// A truth value that rests on whether values are empty; of unknowns that is assumed.
fn truth(call: &mut Call<'_, '_>, values: &[Value], truth: bool) -> Result<Value> {
    let assumed = values.iter().find_map(|value| match &value.kind {
        Kind::Unknown(symbol) => Some(*symbol),
        // A text with known bytes is not empty, whatever its symbols are.
        Kind::String(text) if text.runs().all(|(_, run)| run.symbol.is_some()) => text.symbols().next(),
        _ => None,
    });
    Ok(match assumed {
        Some(symbol) => call.assuming(Kind::Bool(truth), symbol),
        None => call.value(Kind::Bool(truth)),
    })
}

fn ternary(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (yes, no, condition) = (args.value(0)?, args.value(1)?, args.value(2)?);
    match condition.kind {
        Kind::Bool(true) => Ok(chosen(call, yes, condition.origin)),
        Kind::Bool(false) => Ok(chosen(call, no, condition.origin)),
        _ if equal::compare(call, yes, no)? == Equality::Equal => Ok(yes.clone()),
        _ => {
            let hint = if yes.hint() == no.hint() { yes.hint() } else { TypeHint::Any };
            Ok(call.derived(hint))
        }
    }
}

fn fail(_: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    Err(Failure::message(args.text(0)?.to_str_lossy()))
}

fn deep_copy(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let value = args.value(0)?;
    if let Kind::Nil = value.kind {
        return Err(Failure::message("reflect: call of reflect.Value.Type on zero Value"));
    }
    if !value.is_shallow() {
        return Err(Limit::ValueDepth.into());
    }
    copied(call, value)
}

/// What a map costs beside its entries.
const COPY: u64 = 4;

/// Copies all lists and maps; scalars are constant. The value must be shallow.
fn copied(call: &mut Call<'_, '_>, value: &Value) -> Result<Value> {
    let kind = match &value.kind {
        Kind::List(list) if !list.is_nil() => {
            call.spend(list.len() as u64)?;
            let items = list.iter().map(|item| copied(call, item)).collect::<Result<Vec<_>>>()?;
            Kind::List(List::new(list.list_type(), items))
        }
        Kind::Map(map) if !map.is_nil() => {
            call.spend(map.len() as u64 * 2 + COPY)?;
            let entries = map.entries().into_iter();
            let entries =
                entries.map(|(key, value)| Ok((key, copied(call, &value)?))).collect::<Result<Vec<_>>>()?;
            Kind::Map(Map::new(map.map_type(), entries))
        }
        // copystructure leaves fields out that are not exported, and a version has no others.
        Kind::Object(_) => match value.as_object::<VersionObject>() {
            Some(version) => version.without_fields(),
            None => value.kind.clone(),
        },
        kind => kind.clone(),
    };
    Ok(Value::new(kind, value.origin))
}
