//! The type of `.Values`, with its methods. Helm: pkg/chart/common/values.go.

use iac_gotemplate::{Args, Call, Element, Failure, Function, Kind, Map, MapType, NamedType, Param, Value};

use super::yaml;
use crate::HelmProfile;
use crate::instance::table_at;

/// The named map type of `.Values`, `.Template` and what `Table` returns.
pub(crate) fn values_type(profile: HelmProfile) -> MapType {
    MapType::Named(match profile {
        HelmProfile::V3 => &VALUES_V3,
        HelmProfile::V4 => &VALUES,
    })
}

static VALUES: NamedType = NamedType { name: "common.Values", element: Element::Any, methods: METHODS };
static VALUES_V3: NamedType = NamedType { name: "chartutil.Values", element: Element::Any, methods: METHODS };

static METHODS: &[Function] = &[
    Function::new("AsMap", &[], as_map),
    Function::new("PathValue", &[Param::String], path_value),
    Function::new("Table", &[Param::String], table),
    Function::new("YAML", &[], to_yaml),
];

fn receiver(call: &Call<'_, '_>) -> Result<(Map, iac_model::OriginId), Failure> {
    let value = call.receiver().and_then(|value| Some((value.as_map()?.clone(), value.origin)));
    value.ok_or_else(|| Failure::message("a method of .Values has no values"))
}

/// A plain map; an empty one is a fresh one.
fn as_map(call: &mut Call<'_, '_>, _: Args<'_>) -> Result<Value, Failure> {
    let (map, origin) = receiver(call)?;
    let plain = if map.is_empty() { Map::new(MapType::Any, []) } else { map.as_type(MapType::Any) };
    Ok(Value::new(Kind::Map(plain), origin))
}

fn table(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (map, origin) = receiver(call)?;
    let path = args.text(0)?.to_str_lossy().into_owned();
    let mut open = map.clone();
    for key in path.split('.') {
        match open.get(key).and_then(|value| value.as_map().cloned()) {
            Some(next) => open = next,
            None => return Err(Failure::message(format!("{key:?} is not a table"))),
        }
    }
    Ok(Value::new(Kind::Map(open.as_type(map.map_type())), origin))
}

fn path_value(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (map, _) = receiver(call)?;
    let path = args.text(0)?.to_str_lossy().into_owned();
    if path.is_empty() {
        return Err(Failure::message("YAML path cannot be empty"));
    }
    let (found, key) = match path.rsplit_once('.') {
        None => (map.get(&path), path.as_str()),
        Some((table, key)) => (table_at(&map, table).and_then(|table| table.get(key)), key),
    };
    match found {
        Some(value) if value.as_map().is_none() => Ok(value),
        _ => Err(Failure::message(format!("{key:?} is not a value"))),
    }
}

fn to_yaml(call: &mut Call<'_, '_>, _: Args<'_>) -> Result<Value, Failure> {
    let (map, origin) = receiver(call)?;
    let value = Value::new(Kind::Map(map), origin);
    match yaml::print(call, &value) {
        Ok(text) => {
            let mut builder = iac_model::TextBuilder::with_capacity(text.len() + 1);
            builder.push_text(&text);
            builder.push("\n", origin);
            call.string(builder.finish_or(|| origin))
        }
        Err(yaml::Unprintable::Yaml(message)) => Err(Failure::message(message)),
        Err(yaml::Unprintable::Failure(failure)) => Err(failure),
    }
}
