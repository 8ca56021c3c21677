//! `toToml`, `mustToToml` and `fromToml`, as github.com/BurntSushi/toml v1.6 writes and reads.

mod read;
mod write;

use iac_gotemplate::{Args, Call, Failure, Function, Limit, Param, Unknowns, Value};
use iac_model::Text;

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("fromToml", &[Param::String], from_toml).unknowns(Unknowns::Text),
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

fn print(call: &mut Call<'_, '_>, value: &Value) -> Result<Result<Text, String>, Failure> {
    if !value.is_shallow() {
        return Err(Limit::ValueDepth.into());
    }
    if matches!(value.kind, iac_gotemplate::Kind::Nil) {
        return Err(Failure::message("reflect: call of reflect.Value.Type on zero Value"));
    }
    Ok(write::to_toml(call.store(), value))
}

/// Errors stand in the map under `Error`. Helm: pkg/engine/funcs.go, fromTOML.
fn from_toml(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.text(0)?;
    if let Some(symbol) = text.as_symbol(&call.store().symbols) {
        return Ok(call.part(symbol, ""));
    }
    call.spend(text.len() as u64 / 16)?;
    match read::from_toml(text) {
        Ok(value) => Ok(value),
        Err(broken) => {
            let origin = call.origin();
            let message = Value::string(Text::new(broken.message(), origin));
            Ok(Value::map([(Text::new("Error", origin), message)], origin))
        }
    }
}
