//! JSON as Go's encoding/json reads and writes it, with the origin of every byte.

mod decode;
mod encode;

use iac_gotemplate::Param::{Any, String as Str};
use iac_gotemplate::{Args, Call, Failure, Function, Kind, Unknowns, Value};
use iac_model::Text;

pub use decode::{DecodeError, Decoded, decode};
pub use encode::{Escape, Layout, encode};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("fromJson", &[Str], from_json).unknowns(Unknowns::Text),
    Function::new("mustFromJson", &[Str], must_from_json).unknowns(Unknowns::Text),
    Function::new("mustToJson", &[Any], must_to_json).unknowns(Unknowns::Handled),
    Function::new("mustToPrettyJson", &[Any], must_to_pretty_json).unknowns(Unknowns::Handled),
    Function::new("mustToRawJson", &[Any], to_raw_json).unknowns(Unknowns::Handled),
    Function::new("toJson", &[Any], to_json).unknowns(Unknowns::Handled),
    Function::new("toPrettyJson", &[Any], to_pretty_json).unknowns(Unknowns::Handled),
    Function::new("toRawJson", &[Any], to_raw_json).unknowns(Unknowns::Handled),
];

type Result<T> = std::result::Result<T, Failure>;

fn to_json(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let encoded = encode(call, args.value(0)?, Layout::Compact, Escape::Html);
    or_nothing(call, encoded)
}

fn must_to_json(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    Ok(Value::string(encode(call, args.value(0)?, Layout::Compact, Escape::Html)?))
}

fn to_pretty_json(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let encoded = encode(call, args.value(0)?, Layout::Indented, Escape::Html);
    or_nothing(call, encoded)
}

fn must_to_pretty_json(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    Ok(Value::string(encode(call, args.value(0)?, Layout::Indented, Escape::Html)?))
}

fn to_raw_json(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    Ok(Value::string(encode(call, args.value(0)?, Layout::Compact, Escape::Minimal)?))
}

/// sprig swallows errors of the encoder; limits stay errors.
fn or_nothing(call: &mut Call<'_, '_>, encoded: Result<Text>) -> Result<Value> {
    match encoded {
        Ok(text) => Ok(Value::string(text)),
        Err(Failure::Message(_)) => call.text(""),
        Err(failure) => Err(failure),
    }
}

fn from_json(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let decoded = decode(call, args.text(0)?)?;
    // What was read before a number that is out of range is kept; of broken JSON nothing is.
    Ok(decoded.value.unwrap_or_else(|| call.value(Kind::Nil)))
}

fn must_from_json(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let decoded = decode(call, args.text(0)?)?;
    match (decoded.value, decoded.error) {
        (Some(value), None) => Ok(value),
        (_, Some(error)) => Err(Failure::message(error.to_string())),
        (None, None) => Ok(call.value(Kind::Nil)),
    }
}
