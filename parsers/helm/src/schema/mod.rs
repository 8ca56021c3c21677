//! Checks values against `values.schema.json`.
//!
//! Nothing is fetched: a reference to another document counts as fulfilled, and is reported.

mod words;

use std::sync::OnceLock;

use iac_gotemplate::{Kind, Map, Value};
use iac_model::OriginId;
use jsonschema::{PatternOptions, Validator};
use serde_json::Value as Json;

use self::words::{Fault, Faults};

/// A schema, compiled on first use and shared by all instances of its chart.
#[derive(Debug, Default)]
pub(crate) struct Schema(OnceLock<Compiled>);

#[derive(Debug)]
struct Compiled {
    /// The document that the validator was made of.
    schema: Json,
    validator: Result<Validator, String>,
    /// References to other documents that were dropped.
    remote: Vec<String>,
}

/// A value that the schema refuses.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    /// What is wrong: `at '/replicas': ...`.
    pub(crate) message: String,
    /// The value, or the closest one around it.
    pub(crate) origin: OriginId,
}

/// What the check of one chart's values gave.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// What is wrong; empty if the values are fine.
    pub(crate) violations: Vec<Violation>,
    /// References to other documents, which were not checked.
    pub(crate) remote: Vec<String>,
}

/// More violations of one chart are not listed.
const VIOLATIONS: usize = 50;

impl Schema {
    /// Checks the values of a chart against its schema `text`.
    pub(crate) fn check(&self, text: &[u8], values: &Map, origin: OriginId) -> Verdict {
        let compiled = self.0.get_or_init(|| compile(text));
        let mut verdict = Verdict { violations: Vec::new(), remote: compiled.remote.clone() };
        let validator = match &compiled.validator {
            Ok(validator) => validator,
            Err(message) => {
                verdict.violations.push(Violation { message: message.clone(), origin });
                return verdict;
            }
        };
        let mut unknown = Vec::new();
        let json = map_to_json(values, &mut String::new(), &mut unknown);
        let mut work = Work { root: &compiled.schema, left: WORK };
        if work.check(&compiled.schema, &json, 0).is_none() {
            let message = format!("limit reached: checking takes more than {WORK} steps");
            verdict.violations.push(Violation { message, origin });
            return verdict;
        }
        let mut faults = Faults::default();
        for error in validator.iter_errors(&json) {
            let path = error.instance_path().as_str();
            if rests_on_unknown(path, error.kind().keyword(), &unknown) {
                continue;
            }
            if faults.list.len() == VIOLATIONS {
                break;
            }
            faults.add(&error);
        }
        verdict.violations.extend(faults.list.into_iter().map(|Fault { path, words }| Violation {
            message: format!("at '{path}': {words}"),
            origin: origin_at(values, &path, origin),
        }));
        verdict
    }
}

fn compile(text: &[u8]) -> Compiled {
    let mut schema: Json = match serde_json::from_slice(text) {
        Ok(schema) => schema,
        Err(error) => {
            let validator = Err(error.to_string());
            return Compiled { schema: Json::Null, validator, remote: Vec::new() };
        }
    };
    let mut ids = Vec::new();
    collect_ids(&schema, &mut ids);
    let mut remote = Vec::new();
    drop_remote(&mut schema, &ids, &mut remote);
    remote.sort();
    remote.dedup();
    let validator = jsonschema::options()
        // Go's expressions have no lookaround either, and take linear time.
        .with_pattern_options(PatternOptions::regex().size_limit(4 << 20))
        // Helm's validator does not look into encoded strings.
        .without_content_media_type_support("application/json")
        .without_content_encoding_support("base64")
        .offline()
        .build(&schema)
        .map_err(|error| error.to_string());
    Compiled { schema, validator, remote }
}

/// Steps that checking one chart's values may take. Charts that people use take some thousands.
const WORK: u64 = 2_000_000;
/// References inside each other, and levels of values.
const DEPTH: usize = 400;

/// Counts what checking will cost at most: schemas can refer to themselves so that it doubles with each level.
struct Work<'s> {
    root: &'s Json,
    left: u64,
}

impl Work<'_> {
    /// Visits what a validator would visit; `None` if that is too much.
    fn check(&mut self, schema: &Json, value: &Json, depth: usize) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        let Json::Object(members) = schema else { return Some(()) };
        if depth > DEPTH {
            return Some(());
        }
        let depth = depth + 1;
        for (keyword, inner) in members {
            match (keyword.as_str(), inner) {
                ("$ref" | "$recursiveRef" | "$dynamicRef", Json::String(target)) => {
                    if let Some(target) = self.root.pointer(target.strip_prefix('#').unwrap_or(target)) {
                        self.check(target, value, depth)?;
                    }
                }
                ("not" | "if" | "then" | "else", inner) => self.check(inner, value, depth)?,
                ("allOf" | "anyOf" | "oneOf", Json::Array(all)) => {
                    all.iter().try_for_each(|inner| self.check(inner, value, depth))?;
                }
                ("dependentSchemas" | "dependencies", Json::Object(all)) => {
                    all.values().try_for_each(|inner| self.check(inner, value, depth))?;
                }
                ("properties", Json::Object(all)) => {
                    for (name, inner) in all {
                        if let Some(value) = value.get(name) {
                            self.check(inner, value, depth)?;
                        }
                    }
                }
                ("patternProperties", Json::Object(all)) => {
                    all.values().try_for_each(|inner| self.below(inner, value, depth))?;
                }
                ("items" | "prefixItems", Json::Array(all)) => {
                    all.iter().try_for_each(|inner| self.below(inner, value, depth))?;
                }
                (
                    "additionalItems"
                    | "additionalProperties"
                    | "contains"
                    | "items"
                    | "propertyNames"
                    | "unevaluatedItems"
                    | "unevaluatedProperties",
                    inner,
                ) => self.below(inner, value, depth)?,
                _ => {}
            }
        }
        Some(())
    }

    /// The same for everything in a value.
    fn below(&mut self, schema: &Json, value: &Json, depth: usize) -> Option<()> {
        match value {
            Json::Array(items) => items.iter().try_for_each(|value| self.check(schema, value, depth)),
            Json::Object(members) => members.values().try_for_each(|value| self.check(schema, value, depth)),
            Json::Bool(_) | Json::Null | Json::Number(_) | Json::String(_) => Some(()),
        }
    }
}

/// The names that parts of the document give themselves.
fn collect_ids(schema: &Json, ids: &mut Vec<String>) {
    match schema {
        Json::Array(items) => items.iter().for_each(|item| collect_ids(item, ids)),
        Json::Object(members) => {
            let names = [members.get("$id"), members.get("id")];
            ids.extend(names.into_iter().flatten().filter_map(Json::as_str).map(without_fragment));
            members.values().for_each(|member| collect_ids(member, ids));
        }
        Json::Bool(_) | Json::Null | Json::Number(_) | Json::String(_) => {}
    }
}

fn without_fragment(uri: &str) -> String {
    uri.split('#').next().unwrap_or_default().to_string()
}

/// Drops references to other documents.
fn drop_remote(schema: &mut Json, ids: &[String], remote: &mut Vec<String>) {
    match schema {
        Json::Array(items) => items.iter_mut().for_each(|item| drop_remote(item, ids, remote)),
        Json::Object(members) => {
            for key in ["$ref", "$dynamicRef", "$recursiveRef"] {
                let Some(Json::String(target)) = members.get(key) else { continue };
                let document = without_fragment(target);
                let is_ours = |id: &String| *id == document || id.ends_with(&format!("/{document}"));
                if !document.is_empty() && !ids.iter().any(is_ours) {
                    remote.push(target.clone());
                    members.remove(key);
                }
            }
            members.values_mut().for_each(|member| drop_remote(member, ids, remote));
        }
        Json::Bool(_) | Json::Null | Json::Number(_) | Json::String(_) => {}
    }
}

/// Tells whether a violation may only be there because an unknown stands as null in the checked document.
fn rests_on_unknown(path: &str, keyword: &str, unknown: &[String]) -> bool {
    let inside = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let combines = matches!(keyword, "allOf" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else");
    unknown.iter().any(|unknown| inside(unknown, path) || combines && inside(path, unknown))
}

fn map_to_json(map: &Map, path: &mut String, unknown: &mut Vec<String>) -> Json {
    let mut members = serde_json::Map::new();
    for (key, value) in map.entries() {
        let name = key.to_str_lossy().into_owned();
        let length = path.len();
        path.push('/');
        path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        members.insert(name, to_json(&value, path, unknown));
        path.truncate(length);
    }
    Json::Object(members)
}

fn to_json(value: &Value, path: &mut String, unknown: &mut Vec<String>) -> Json {
    match &value.kind {
        Kind::Bool(bool) => Json::Bool(*bool),
        // Whole numbers are integers in every draft, as for Helm's validator.
        Kind::Float(float) if float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0 => {
            Json::from(*float as i64)
        }
        Kind::Float(float) => Json::from(*float),
        Kind::Int(int) | Kind::Int64(int) => Json::from(*int),
        Kind::List(list) => {
            let mut items = Vec::with_capacity(list.len());
            for (at, item) in list.iter().enumerate() {
                let length = path.len();
                path.push_str(&format!("/{at}"));
                items.push(to_json(item, path, unknown));
                path.truncate(length);
            }
            Json::Array(items)
        }
        Kind::Map(map) => map_to_json(map, path, unknown),
        Kind::String(text) if text.is_known() => Json::from(text.to_str_lossy()),
        Kind::String(_) | Kind::Unknown(_) => {
            unknown.push(path.clone());
            Json::Null
        }
        // Values hold nothing else.
        Kind::Bytes(_)
        | Kind::Complex(_)
        | Kind::Nil
        | Kind::Object(_)
        | Kind::Uint64(_)
        | Kind::Uint8(_) => Json::Null,
    }
}

/// The origin of the value at a JSON pointer, or of the last one on the way.
fn origin_at(values: &Map, path: &str, origin: OriginId) -> OriginId {
    let mut found = origin;
    let mut map = Some(values.clone());
    let mut list = None;
    for part in path.split('/').skip(1) {
        let key = part.replace("~1", "/").replace("~0", "~");
        let next: Option<Value> = match (&map, &list) {
            (Some(map), _) => map.get(&key),
            (None, Some(list)) => {
                let list: &iac_gotemplate::List = list;
                key.parse().ok().and_then(|at: usize| list.items().get(at).cloned())
            }
            (None, None) => None,
        };
        let Some(next) = next else { return found };
        found = next.origin;
        map = next.as_map().cloned();
        list = next.as_list().cloned();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_gotemplate::Numbers;
    use iac_model::{FileKind, Input, Reason, Residence, Store, Symbol, Text, TypeHint};

    fn check(schema: &str, yaml: &str) -> Vec<String> {
        let store = Store::new();
        let file = store.sources.add("v", FileKind::Values, Residence::Disk, format!("{yaml}\n").as_bytes());
        let input = Input::File(file);
        let (values, _) = crate::values::load_values(&store, &input, crate::HelmProfile::V4);
        let values = Value::from_model(&values, Numbers::Typed);
        let verdict =
            Schema::default().check(schema.as_bytes(), values.as_map().expect("a map"), values.origin);
        let place = |violation: Violation| {
            let span = store.origins.place(violation.origin).expect("written");
            format!("{} [{}]", violation.message, store.sources.slice(span).trim())
        };
        verdict.violations.into_iter().map(place).collect()
    }

    #[test]
    fn violations_name_the_value() {
        let schema = r#"{"properties": {"k": {"type": "integer", "minimum": 2}, "s": {"type": "string"}}}"#;
        assert_eq!(check(schema, "k: 80\ns: x"), [""; 0]);
        assert_eq!(
            check(schema, "k: 1\ns: 5"),
            ["at '/k': minimum: got 1, want 2 [1]", "at '/s': got number, want string [5]"]
        );
        let draft4 = r#"{"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"k": {"type": "integer"}}}"#;
        assert_eq!(check(draft4, "k: 80"), [""; 0]);
        assert_eq!(check(draft4, "k: 80.5").len(), 1);
        assert_eq!(check("{", "k: 1").len(), 1);
        // Go's expressions know no lookahead: the schema itself is refused.
        assert_eq!(check(r#"{"properties": {"s": {"pattern": "(?!x)"}}}"#, "s: y").len(), 1);
    }

    #[test]
    fn texts_are_not_repeated() {
        let schema =
            r#"{"properties": {"p": {"type": "integer"}, "q": {"pattern": "^a"}, "r": {"enum": ["a"]}}}"#;
        let found = check(schema, "p: hunter2\nq: hunter2\nr: hunter2");
        assert_eq!(found.len(), 3);
        for message in found {
            assert!(!message.replace("[hunter2]", "").contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn other_documents_are_not_fetched() {
        let schema = r##"{"$id": "https://e.com/a.json", "definitions": {"x": {"type": "string"}}, "properties": {
            "a": {"$ref": "https://example.com/k8s.json#/definitions/y"},
            "b": {"$ref": "#/definitions/x"}, "c": {"$ref": "https://e.com/a.json#/definitions/x"}}}"##;
        assert_eq!(check(schema, "a: 1\nb: x\nc: x"), [""; 0]);
        assert_eq!(check(schema, "a: 1\nb: 1\nc: 2").len(), 2);
    }

    #[test]
    fn unknowns_violate_nothing() {
        let store = Store::new();
        let origin = store.origins.argument("x");
        let symbol = store.symbols.intern(Symbol {
            address: "a.b.c".into(),
            resource: None,
            attribute: None,
            reason: Reason::Computed,
            hint: TypeHint::String,
        });
        let inner =
            Value::map([(Text::new("arn", origin), Value::new(Kind::Unknown(symbol), origin))], origin);
        let values = Value::map([(Text::new("role", origin), inner)], origin);
        let schema = br#"{"properties": {"role": {"oneOf": [{"properties": {"arn": {"type": "string"}}}]}}}"#;
        let verdict = Schema::default().check(schema, values.as_map().expect("a map"), origin);
        assert!(verdict.violations.is_empty(), "{verdict:?}");
    }
}
