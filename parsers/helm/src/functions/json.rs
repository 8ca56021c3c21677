//! `fromJson` and `fromJsonArray`, which say in their result what is wrong. All else with JSON is sprig's.

use iac_gotemplate::{
    Args, Call, Failure, Function, Kind, List, ListType, Map, MapType, Param, Unknowns, Value,
};
use iac_model::Text;
use iac_sprig::json::decode;

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("fromJson", &[Param::String], from_json).unknowns(Unknowns::Text),
    Function::new("fromJsonArray", &[Param::String], from_json_array).unknowns(Unknowns::Text),
];

/// Errors stand in the map under `Error`. Helm: pkg/engine/funcs.go, fromJSON.
fn from_json(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.text(0)?;
    if let Some(symbol) = text.as_symbol(&call.store().symbols) {
        return Ok(call.part(symbol, ""));
    }
    let decoded = decode(call, text)?;
    let mut error = decoded.error.map(|error| error.to_string());
    let map = match decoded.value {
        Some(Value { kind: Kind::Nil, .. }) if error.is_none() => {
            return Ok(call.value(Kind::Map(Map::nil(MapType::Any))));
        }
        Some(value) if value.as_map().is_some() => value,
        value => {
            if let Some(value) = value {
                error.get_or_insert(wrong_type(&value, "map[string]interface {}"));
            }
            call.value(Kind::Map(Map::new(MapType::Any, [])))
        }
    };
    if let (Some(message), Some(map)) = (error, map.as_map()) {
        let origin = call.origin();
        map.insert(Text::new("Error", origin), Value::string(Text::new(message, origin)))?;
    }
    Ok(map)
}

/// An error is the only element. Helm: pkg/engine/funcs.go, fromJSONArray.
fn from_json_array(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let decoded = decode(call, args.text(0)?)?;
    let message = match (decoded.value, decoded.error) {
        (_, Some(error)) => error.to_string(),
        (Some(value), None) if value.as_list().is_some() => return Ok(value),
        (Some(Value { kind: Kind::Nil, .. }) | None, None) => {
            return Ok(call.value(Kind::List(List::nil(ListType::Any))));
        }
        (Some(value), None) => wrong_type(&value, "[]interface {}"),
    };
    let origin = call.origin();
    call.list(vec![Value::string(Text::new(message, origin))])
}

fn wrong_type(value: &Value, wanted: &str) -> String {
    let what = match value.kind {
        Kind::Bool(_) => "bool",
        Kind::List(_) => "array",
        Kind::Map(_) => "object",
        Kind::String(_) | Kind::Unknown(_) => "string",
        _ => "number",
    };
    format!("json: cannot unmarshal {what} into Go value of type {wanted}")
}
