//! `toToml`, `mustToToml` and `fromToml`, as github.com/BurntSushi/toml v1.6 writes and reads.

mod write;

use iac_gotemplate::{Args, Call, Failure, Function, Limit, Param, Unknowns, Value};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("toToml", &[Param::Any], to_toml).unknowns(Unknowns::Handled),
    Function::new("mustToToml", &[Param::Any], must_to_toml).unknowns(Unknowns::Handled),
];

/// The text of an error is the result. Helm: pkg/engine/funcs.go, toTOML.
fn to_toml(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    match print(call, args.value(0)?)? {
        Ok(text) => call.string(text),
        Err(message) => call.text(message),
    }
}

fn must_to_toml(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    match print(call, args.value(0)?)? {
        Ok(text) => call.string(text),
        Err(message) => Err(Failure::message(message)),
    }
}

fn print(call: &mut Call<'_, '_>, value: &Value) -> Result<Result<iac_model::Text, String>, Failure> {
    if !value.is_shallow() {
        return Err(Limit::ValueDepth.into());
    }
    if matches!(value.kind, iac_gotemplate::Kind::Nil) {
        return Err(Failure::message("reflect: call of reflect.Value.Type on zero Value"));
    }
    Ok(write::to_toml(call.store(), value))
}
