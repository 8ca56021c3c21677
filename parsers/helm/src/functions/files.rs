//! `.Files`: the files of a chart that are nothing else, with methods. Helm: pkg/engine/files.go.

use std::collections::BTreeMap;

use iac_gotemplate::{
    Args, Call, Element, Failure, Function, Kind, List, ListType, Map, MapType, NamedType, Param, Value,
};
use iac_model::{OriginId, Store, Text};

use super::yaml;
use crate::HelmProfile;
use crate::chart::ChartFile;
use crate::glob::FilePattern;

/// Makes the `.Files` of a chart.
pub(crate) fn files(store: &Store, files: &[ChartFile], origin: OriginId) -> Value {
    let entries = files.iter().map(|file| {
        let text = file.text(store);
        let content = Value::new(Kind::Bytes(text.clone()), text.origin());
        (Text::new(file.name.as_str(), text.origin()), content)
    });
    Value::new(Kind::Map(Map::new(MapType::Named(&FILES), entries)), origin)
}

static FILES: NamedType = NamedType {
    name: "engine.files",
    element: Element::Bytes,
    methods: &[
        Function::new("AsConfig", &[], as_config),
        Function::new("AsSecrets", &[], as_secrets),
        Function::new("Get", &[Param::String], get),
        Function::new("GetBytes", &[Param::String], get_bytes),
        Function::new("Glob", &[Param::String], glob),
        Function::new("Lines", &[Param::String], lines),
    ],
};

fn receiver(call: &Call<'_, '_>) -> Result<Map, Failure> {
    let map = call.receiver().and_then(Value::as_map).cloned();
    map.ok_or_else(|| Failure::message("a method of .Files has no files"))
}

/// The content of a file; without one the empty text.
fn content(call: &mut Call<'_, '_>, name: &Text) -> Result<Text, Failure> {
    let files = receiver(call)?;
    Ok(match files.get(name.bytes()).map(|value| value.kind) {
        Some(Kind::Bytes(text)) => text,
        _ => Text::new("", call.origin()),
    })
}

fn get(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = content(call, args.text(0)?)?;
    call.string(text)
}

fn get_bytes(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = content(call, args.text(0)?)?;
    let origin = text.origin();
    Ok(Value::new(Kind::Bytes(text), origin))
}

fn glob(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let files = receiver(call)?;
    let pattern = FilePattern::new(&args.text(0)?.to_str_lossy());
    call.spend(files.len() as u64)?;
    let found = files.entries().into_iter().filter(|(name, _)| pattern.matches(&name.to_str_lossy()));
    let found = Map::new(MapType::Named(&FILES), found);
    Ok(call.value(Kind::Map(found)))
}

fn as_config(call: &mut Call<'_, '_>, _: Args<'_>) -> Result<Value, Failure> {
    by_base_name(call, |text| text)
}

fn as_secrets(call: &mut Call<'_, '_>, _: Args<'_>) -> Result<Value, Failure> {
    by_base_name(call, |text| Text::new(super::base64(text.bytes()), text.origin()))
}

/// YAML of all files under their base names; of equal ones the last path counts, in Helm any.
fn by_base_name(call: &mut Call<'_, '_>, change: impl Fn(Text) -> Text) -> Result<Value, Failure> {
    let mut entries = BTreeMap::new();
    for (path, value) in receiver(call)?.entries() {
        let start = path.bytes().iter().rposition(|&byte| byte == b'/').map_or(0, |at| at + 1);
        let name = path.slice(start..path.len());
        if let Kind::Bytes(text) = value.kind {
            entries.insert(name.bytes().to_vec(), (name, Value::string(change(text))));
        }
    }
    let origin = call.origin();
    let map = Value::new(Kind::Map(Map::new(MapType::Strings, entries.into_values())), origin);
    match yaml::print(call, &map) {
        Ok(text) => call.string(text),
        Err(yaml::Unprintable::Yaml(_)) => call.text(""),
        Err(yaml::Unprintable::Failure(failure)) => Err(failure),
    }
}

fn lines(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let files = receiver(call)?;
    let profile = call.host::<HelmProfile>().copied().unwrap_or_default();
    let text = match files.get(args.text(0)?.bytes()).map(|value| value.kind) {
        Some(Kind::Bytes(text)) => text,
        _ => Text::new("", call.origin()),
    };
    let there = files.contains(args.text(0)?.bytes());
    if text.is_empty() {
        return match profile {
            // Helm 4 looks at the last byte of a file that is there.
            HelmProfile::V4 if there => Err(Failure::message("runtime error: index out of range [-1]")),
            _ => Ok(call.value(Kind::List(List::new(ListType::Of(Element::String), Vec::new())))),
        };
    }
    let end = text.len() - usize::from(text.bytes().ends_with(b"\n"));
    let bytes = text.bytes()[..end].split(|&byte| byte == b'\n');
    let mut at = 0;
    let lines: Vec<Value> = bytes
        .map(|line| {
            let start = at;
            at += line.len() + 1;
            Value::string(text.slice(start..start + line.len()))
        })
        .collect();
    call.check_list(lines.len())?;
    call.spend(lines.len() as u64)?;
    Ok(call.value(Kind::List(List::new(ListType::Of(Element::String), lines))))
}
