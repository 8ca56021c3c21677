//! Reads values files: several documents in one file are merged, and every number is a floating-point one.

use std::ops::Range;

use iac_model::{Input, Kind, Map, Number, ProblemSeverity, Span, Store, TextBuilder, Value};

use crate::HelmProfile;

/// Why a values file is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ValuesError {
    /// What Helm says, more or less.
    pub(crate) message: String,
    /// Where.
    pub(crate) at: Option<Span>,
}

/// Reads a values file, always into a map, with what Helm refuses the file for. Helm 3 reads one document only.
/// Helm: pkg/chart/v2/loader, LoadValues.
pub(crate) fn load_values(store: &Store, input: &Input, profile: HelmProfile) -> (Value, Vec<ValuesError>) {
    let bytes = input.bytes(store);
    if profile == HelmProfile::V3 {
        let mut errors = Vec::new();
        let empty = || Value::new(Kind::Map(Map::new()), input.origin(store, 0..bytes.len()));
        let values = read_yaml(store, input, "", &mut errors).unwrap_or_else(empty);
        return (values, errors);
    }
    let mut merged = Value::new(Kind::Map(Map::new()), input.origin(store, 0..bytes.len()));
    let mut errors = Vec::new();
    let (ranges, broken) = split(bytes);
    for range in ranges {
        if let Some(document) = read_document(store, input, range, &mut errors) {
            merge_into(&mut merged, document);
        }
    }
    errors.extend(broken.map(|(range, message)| ValuesError {
        message: format!("error reading yaml document: invalid Yaml document separator: {message}"),
        at: Some(input.span(store, range)),
    }));
    (merged, errors)
}

/// A bad separator: its place and what stands behind it.
type Broken = (Range<usize>, String);

/// Splits at lines that start with `---`. A separator in front of any content belongs to the document.
/// k8s.io/apimachinery: pkg/util/yaml/decoder.go, YAMLReader.
fn split(bytes: &[u8]) -> (Vec<Range<usize>>, Option<Broken>) {
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr(bytes, at);
        let line = &bytes[at..end];
        if let Some(rest) = line.strip_prefix(b"---") {
            let rest = String::from_utf8_lossy(rest);
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                if start < at {
                    ranges.push(start..at);
                }
                return (ranges, Some((at..end, rest.into())));
            }
            if start < at {
                ranges.push(start..at);
                start = end;
            }
        }
        at = end;
    }
    if start < bytes.len() {
        ranges.push(start..bytes.len());
    }
    (ranges, None)
}

/// The offset behind the line that starts at `at`.
fn memchr(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |length| at + length + 1)
}

fn read_document(
    store: &Store,
    input: &Input,
    range: Range<usize>,
    errors: &mut Vec<ValuesError>,
) -> Option<Value> {
    let bytes = input.bytes(store);
    let whole = range == (0..bytes.len());
    let document = if whole && bytes.ends_with(b"\n") {
        input.clone()
    } else {
        // The reader there ends each line with a line feed, also the last one: it makes a difference to block
        // scalars.
        let mut builder = TextBuilder::new();
        builder.push_text(&input.slice(store, range.clone()));
        if !bytes[range.clone()].ends_with(b"\n") {
            builder.push("\n", input.origin(store, range.end..range.end));
        }
        let origin = input.origin(store, range.clone());
        Input::String { text: builder.finish_or(|| origin), site: input.span(store, range.clone()) }
    };
    read_yaml(store, &document, "cannot unmarshal yaml document: ", errors)
}

/// Reads the first document of a text. `prefix` stands in front of errors.
fn read_yaml(store: &Store, input: &Input, prefix: &str, errors: &mut Vec<ValuesError>) -> Option<Value> {
    let options = iac_yaml::Options { documents: iac_yaml::Documents::First, ..Default::default() };
    let mut stream = iac_yaml::read(store, input, options);
    let refusals = stream.problems.iter().filter(|problem| problem.severity > ProblemSeverity::Note);
    errors.extend(refusals.map(|problem| ValuesError {
        message: format!("{prefix}error converting YAML to JSON: {}", problem.message),
        at: problem.at,
    }));
    if stream.documents.is_empty() {
        return None;
    }
    let mut root = stream.documents.swap_remove(0).root;
    let what = match root.kind {
        Kind::Map(_) => {
            as_json(&mut root);
            return Some(root);
        }
        Kind::Null => return None,
        Kind::Bool(_) => "bool",
        Kind::List(_) => "array",
        Kind::Number(_) => "number",
        Kind::String(_) | Kind::Unknown(_) => "string",
    };
    errors.push(ValuesError {
        message: format!(
            "{prefix}error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {what} into Go value of type \
             map[string]interface {{}}"
        ),
        at: store.origins.place(root.origin),
    });
    None
}

/// What a value is after it went through JSON: all numbers are floating-point.
pub(crate) fn as_json(value: &mut Value) {
    match &mut value.kind {
        Kind::Number(number) => *number = Number::Float(number.as_f64()),
        Kind::List(items) => items.iter_mut().for_each(as_json),
        Kind::Map(map) => map.values_mut().for_each(as_json),
        Kind::Bool(_) | Kind::Null | Kind::String(_) | Kind::Unknown(_) => {}
    }
}

/// Merges maps into maps; everything else is replaced. Helm: pkg/chart/v2/loader, MergeMaps.
pub(crate) fn merge_into(base: &mut Value, over: Value) {
    let (Kind::Map(into), Kind::Map(from)) = (&mut base.kind, over.kind) else { return };
    for entry in from {
        match into.get_mut(entry.key.bytes()) {
            Some(value) if value.as_map().is_some() && entry.value.as_map().is_some() => {
                merge_into(value, entry.value);
            }
            _ => {
                into.insert(entry.key, entry.value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::{FileKind, Residence};

    fn load(text: &str) -> (Store, Value, Vec<ValuesError>) {
        let store = Store::new();
        let file = store.sources.add("values.yaml", FileKind::Values, Residence::Disk, text.as_bytes());
        let (values, errors) = load_values(&store, &Input::File(file), HelmProfile::V4);
        (store, values, errors)
    }

    fn scalar<'a>(value: &'a Value, path: &[&str]) -> Option<std::borrow::Cow<'a, str>> {
        value.at(path).and_then(Value::scalar_text)
    }

    #[test]
    fn documents_are_merged_and_keep_their_origins() {
        let (store, values, errors) = load("# top\n---\na: {b: 1, c: x}\n--- # next\na: {b: 2}\nd:\n---\n");
        assert_eq!(errors, []);
        assert_eq!(scalar(&values, &["a", "b"]).as_deref(), Some("2"));
        assert_eq!(scalar(&values, &["a", "c"]).as_deref(), Some("x"));
        assert!(values.get("d").is_some_and(Value::is_null));
        let b = values.at(&["a", "b"]).expect("set");
        assert_eq!(b.kind, Kind::Number(Number::Float(2.0)));
        let span = store.origins.leaf(b.origin).expect("written");
        assert_eq!((store.sources.slice(span).as_ref(), span.start), ("2", 44));
    }

    #[test]
    fn a_last_line_without_line_feed_gets_one() {
        assert_eq!(scalar(&load("a: |\n  x").1, &["a"]).as_deref(), Some("x\n"));
        assert_eq!(scalar(&load("a: |-\n  x").1, &["a"]).as_deref(), Some("x"));
    }

    #[test]
    fn what_is_no_map_is_refused() {
        let errors = load("- a\n").2;
        assert!(
            errors[0]
                .message
                .ends_with("cannot unmarshal array into Go value of type map[string]interface {}")
        );
        assert!(load("a: 1\n--- b\n").2[0].message.ends_with("separator: b"));
        assert_eq!(load("a: [\n").2.len(), 1);
        for text in ["", "null\n", "# nothing"] {
            let (_, values, errors) = load(text);
            assert_eq!((values.as_map().map(Map::len), errors.len()), (Some(0), 0), "{text}");
        }
    }
}
