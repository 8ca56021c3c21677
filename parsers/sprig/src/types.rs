//! Types by name.

use iac_gotemplate::Param::{Any, String as Str};
use iac_gotemplate::{Args, Call, Failure, Function, Kind, Unknowns, Value};
use iac_model::TypeHint;

use crate::equal::{self, Equality};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("deepEqual", &[Any, Any], deep_equal).unknowns(Unknowns::Handled),
    Function::new("kindIs", &[Str, Any], kind_is).unknowns(Unknowns::Handled),
    Function::new("kindOf", &[Any], kind_of).unknowns(Unknowns::Handled),
    Function::new("typeIs", &[Str, Any], type_is).unknowns(Unknowns::Handled),
    Function::new("typeIsLike", &[Str, Any], type_is_like).unknowns(Unknowns::Handled),
    Function::new("typeOf", &[Any], type_of).unknowns(Unknowns::Handled),
];

type Result<T> = std::result::Result<T, Failure>;

fn deep_equal(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    Ok(match equal::compare(call, args.value(0)?, args.value(1)?)? {
        Equality::Equal => call.value(Kind::Bool(true)),
        Equality::Unequal => call.value(Kind::Bool(false)),
        Equality::Open(symbol) => call.assuming(Kind::Bool(false), symbol),
    })
}

/// What Go's `%T` prints, and the name of the kind. Of an unknown that is its usual type, if there is a hint.
struct Names {
    type_name: String,
    kind: &'static str,
    assumed: Option<iac_model::SymbolId>,
}

fn names(call: &Call<'_, '_>, value: &Value) -> Option<Names> {
    let Kind::Unknown(symbol) = value.kind else {
        let type_name = value.type_name().into_owned();
        return Some(Names { type_name, kind: value.kind_name(), assumed: None });
    };
    let (type_name, kind) = match call.store().symbols.get(symbol).hint {
        TypeHint::Any => return None,
        TypeHint::Bool => ("bool", "bool"),
        TypeHint::List => ("[]interface {}", "slice"),
        TypeHint::Map => ("map[string]interface {}", "map"),
        TypeHint::Number => ("float64", "float64"),
        TypeHint::String => ("string", "string"),
    };
    Some(Names { type_name: type_name.to_owned(), kind, assumed: Some(symbol) })
}

fn type_of(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    match names(call, args.value(0)?) {
        Some(names) => call.text(names.type_name),
        None => Ok(call.derived(TypeHint::String)),
    }
}

fn kind_of(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    match names(call, args.value(0)?) {
        Some(names) => call.text(names.kind),
        None => Ok(call.derived(TypeHint::String)),
    }
}

/// Compares the name given with those of the value.
fn is(call: &mut Call<'_, '_>, args: Args<'_>, fits: impl FnOnce(&[u8], &Names) -> bool) -> Result<Value> {
    let (Some(target), Some(names)) = (args.value(0)?.as_text(), names(call, args.value(1)?)) else {
        return Ok(call.derived(TypeHint::Bool));
    };
    if !target.is_known() {
        return Ok(call.derived(TypeHint::Bool));
    }
    let fits = Kind::Bool(fits(target.bytes(), &names));
    Ok(match names.assumed {
        Some(symbol) => call.assuming(fits, symbol),
        None => call.value(fits),
    })
}

fn kind_is(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    is(call, args, |target, names| target == names.kind.as_bytes())
}

fn type_is(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    is(call, args, |target, names| target == names.type_name.as_bytes())
}

fn type_is_like(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    is(call, args, |target, names| {
        let name = names.type_name.as_bytes();
        target == name || name.strip_prefix(b"*") == Some(target)
    })
}
