//! What a user gives on top of a chart's defaults: files, values and `--set` flags, in Helm's order.

use iac_model::{FileId, Input, Kind, Map, OriginId, Store, Text, Value};

use super::documents::{ValuesError, as_json, load_values, merge_into};
use super::set::{SetKind, SetReader, from_json};
use crate::HelmProfile;

/// One source of values; later ones win.
#[derive(Clone, Debug)]
pub enum ValuesLayer {
    /// A YAML file, as `-f` takes it.
    File(FileId),
    /// A map that somebody else read, such as the values of a `helm_release`; parts may be unknown.
    Value(Value),
}

/// One `--set` flag.
#[derive(Clone, Debug)]
pub struct SetFlag {
    /// Which flag it is.
    pub kind: SetKind,
    /// `a.b=1,c=2`. Its runs are the origins of what it sets, and a value that is one whole symbol is unknown.
    pub text: Text,
    /// The content of the files that a `--set-file` names.
    pub files: Vec<(String, Text)>,
}

/// Merges all layers, then all flags by their kind, with what Helm refuses them for. Helm: pkg/cli/values/options.go,
/// MergeValues.
pub(crate) fn user_values(
    store: &Store,
    layers: &[ValuesLayer],
    flags: &[SetFlag],
    profile: HelmProfile,
    origin: OriginId,
) -> (Value, Vec<ValuesError>) {
    let mut values = Value::new(Kind::Map(Map::new()), origin);
    let mut errors = Vec::new();
    for layer in layers {
        match layer {
            ValuesLayer::Value(value) => {
                let mut value = value.clone();
                as_json(&mut value);
                merge_into(&mut values, value);
            }
            ValuesLayer::File(file) => {
                let path = &store.sources.file(*file).path;
                let (loaded, found) = load_values(store, &Input::File(*file), profile);
                errors.extend(found.into_iter().map(|error| ValuesError {
                    message: format!("failed to parse {path}: {}", error.message),
                    ..error
                }));
                merge_into(&mut values, loaded);
            }
        }
    }
    for kind in SetKind::ALL {
        for flag in flags.iter().filter(|flag| flag.kind == kind) {
            if let Err(message) = set(store, flag, &mut values, profile) {
                let at = store.origins.place(flag.text.origin());
                errors.push(ValuesError {
                    message: format!("failed parsing {} data{message}", kind.flag()),
                    at,
                });
            }
        }
    }
    (values, errors)
}

fn set(store: &Store, flag: &SetFlag, values: &mut Value, profile: HelmProfile) -> Result<(), String> {
    // Helm 3 does not know whole objects.
    if flag.kind == SetKind::Json && profile == HelmProfile::V4 {
        let text = flag.text.to_str_lossy();
        if text.trim_start().starts_with('{') {
            let json: serde_json::Value =
                serde_json::from_str(text.trim()).map_err(|_| format!(" JSON: {text}"))?;
            merge_into(values, from_json(&json, flag.text.origin()));
            return Ok(());
        }
    }
    let Kind::Map(map) = &mut values.kind else { return Ok(()) };
    let read_file = |name: &str| {
        let found = flag.files.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.clone()).ok_or_else(|| format!("open {name}: no such file or directory"))
    };
    let reader = SetReader { store, kind: flag.kind, read_file: &read_file };
    reader.read(&flag.text, map).map_err(|error| match flag.kind {
        SetKind::Json => format!(" {}", flag.text.to_str_lossy()),
        _ => format!(": {error}"),
    })
}

impl SetKind {
    /// All kinds in the order in which Helm applies them.
    const ALL: [Self; 5] = [Self::Json, Self::Typed, Self::String, Self::File, Self::Literal];

    /// The place in that order.
    pub(crate) fn order(self) -> usize {
        Self::ALL.iter().position(|kind| *kind == self).unwrap_or(Self::ALL.len())
    }

    /// The flag of Helm's command line.
    pub fn flag(self) -> &'static str {
        match self {
            Self::File => "--set-file",
            Self::Json => "--set-json",
            Self::Literal => "--set-literal",
            Self::String => "--set-string",
            Self::Typed => "--set",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::{FileKind, Residence};

    #[test]
    fn flags_follow_files_in_the_order_of_their_kinds() {
        let store = Store::new();
        let origin = store.origins.argument("flags");
        let file =
            |text: &str| store.sources.add("v.yaml", FileKind::Values, Residence::Disk, text.as_bytes());
        let layers = [
            ValuesLayer::File(file("a: {b: 1, c: [1, 2], d: x}\ne: file\nf: file\n")),
            ValuesLayer::File(file("a: {b: 2, c: [3]}\n")),
        ];
        let flag = |kind, text: &str| SetFlag { kind, text: Text::new(text, origin), files: Vec::new() };
        let flags = [
            flag(SetKind::String, "e=string,g=1"),
            flag(SetKind::Typed, "e=typed,g=2,a.d=null"),
            flag(SetKind::Json, r#"{"f": {"x": 1}}"#),
            flag(SetKind::Json, r#"h=[1],f.y=2"#),
        ];
        let (values, errors) = user_values(&store, &layers, &flags, HelmProfile::V4, origin);
        assert_eq!(errors, []);
        let at = |path: &[&str]| values.at(path).and_then(Value::scalar_text).map(|text| text.into_owned());
        assert_eq!(at(&["a", "b"]).as_deref(), Some("2"));
        assert_eq!(values.at(&["a", "c"]).and_then(Value::as_list).map(<[_]>::len), Some(1));
        assert!(values.at(&["a", "d"]).is_some_and(Value::is_null));
        assert_eq!((at(&["e"]).as_deref(), at(&["g"]).as_deref()), (Some("string"), Some("1")));
        assert_eq!((at(&["f", "x"]).as_deref(), at(&["f", "y"]).as_deref()), (Some("1"), Some("2")));
    }

    #[test]
    fn errors_name_the_flag_and_the_file() {
        let store = Store::new();
        let origin = store.origins.argument("flags");
        let file = store.sources.add("v.yaml", FileKind::Values, Residence::Disk, &b"- a\n"[..]);
        let flag = |kind, text: &str| SetFlag { kind, text: Text::new(text, origin), files: Vec::new() };
        let flags = [flag(SetKind::Typed, "a"), flag(SetKind::Json, "{"), flag(SetKind::File, "a=gone.txt")];
        let (_, errors) = user_values(&store, &[ValuesLayer::File(file)], &flags, HelmProfile::V4, origin);
        let messages: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
        assert!(messages[0].starts_with("failed to parse v.yaml: cannot unmarshal"), "{messages:?}");
        assert_eq!(
            &messages[1..],
            [
                "failed parsing --set-json data JSON: {",
                "failed parsing --set data: key \"a\" has no value",
                "failed parsing --set-file data: open gone.txt: no such file or directory",
            ]
        );
    }
}
