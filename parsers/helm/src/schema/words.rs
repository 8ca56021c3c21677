//! What is wrong with a value, in the words of Helm's validator.
//!
//! Source: github.com/santhosh-tekuri/jsonschema/v6, kind/kind.go and output.go. But texts that a pattern or a format
//! refuses are not repeated: they may be secrets.

use std::fmt::Write;

use iac_gotemplate::strconv;
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value as Json;

/// What is wrong with one value.
pub(super) struct Fault {
    /// The JSON pointer of the value.
    pub(super) path: String,
    /// What is wrong with it; more lines say why.
    pub(super) words: String,
}

/// What is wrong, in the order of the validator.
#[derive(Default)]
pub(super) struct Faults {
    pub(super) list: Vec<Fault>,
    /// The properties that the last fault says are missing.
    missing: Vec<String>,
}

impl Faults {
    /// Adds what an error says. Properties that are missing at one place are one fault.
    pub(super) fn add(&mut self, error: &ValidationError<'_>) {
        self.add_at(error, 0);
    }

    fn add_at(&mut self, error: &ValidationError<'_>, depth: usize) {
        let path = error.instance_path().as_str().to_owned();
        if let Kind::Required { property } = error.kind() {
            let name = property.as_str().unwrap_or_default().to_owned();
            let last = self.list.last_mut().filter(|last| last.path == path && !self.missing.is_empty());
            self.missing.push(name);
            match last {
                Some(last) => last.words = missing(&self.missing),
                None => {
                    self.missing.drain(..self.missing.len() - 1);
                    self.list.push(Fault { path, words: missing(&self.missing) });
                }
            }
            return;
        }
        self.missing.clear();
        match error.kind() {
            Kind::UnevaluatedProperties { unexpected } => {
                let at = |name: &String| format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
                let fault = |name| Fault { path: at(name), words: "false schema".into() };
                self.list.extend(unexpected.iter().map(fault));
            }
            _ => self.list.push(Fault { words: words(error, depth), path }),
        }
    }
}

fn missing(names: &[String]) -> String {
    let word = if names.len() == 1 { "property" } else { "properties" };
    format!("missing {word} {}", joined(names))
}

fn words(error: &ValidationError<'_>, depth: usize) -> String {
    let value = error.instance().as_ref();
    let keyword = error.kind().keyword();
    let items = value.as_array().map_or(0, Vec::len) as u64;
    let properties = value.as_object().map_or(0, serde_json::Map::len) as u64;
    let characters = value.as_str().map_or(0, |text| text.chars().count()) as u64;
    let measured =
        |got: u64, want: u64| format!("{keyword}: got {}, want {}", number(got as f64), number(want as f64));
    match error.kind() {
        Kind::AdditionalItems { limit } => {
            format!("last {} additionalItem(s) not allowed", items.saturating_sub(*limit as u64))
        }
        Kind::AdditionalProperties { unexpected } => {
            format!("additional properties {} not allowed", joined(unexpected))
        }
        Kind::AnyOf { context } => format!("'anyOf' failed{}", causes(context, error, depth)),
        Kind::Constant { expected_value } => match one_of(&[expected_value.as_ref().clone()]) {
            Some(words) => words,
            None => "'const' failed".into(),
        },
        Kind::Contains => "no items match contains schema".into(),
        Kind::Enum { options } => {
            let options = options.as_array().map(Vec::as_slice).and_then(one_of);
            options.unwrap_or_else(|| "'enum' failed".into())
        }
        Kind::ExclusiveMaximum { limit }
        | Kind::ExclusiveMinimum { limit }
        | Kind::Maximum { limit }
        | Kind::Minimum { limit } => {
            let shown = |value: &Json| number(value.as_f64().unwrap_or_default());
            format!("{keyword}: got {}, want {}", shown(value), shown(limit))
        }
        Kind::FalseSchema => "false schema".into(),
        Kind::Format { format } => format!("the text is not valid {format}"),
        Kind::MaxItems { limit } | Kind::MinItems { limit } => measured(items, *limit),
        Kind::MaxLength { limit } | Kind::MinLength { limit } => measured(characters, *limit),
        Kind::MaxProperties { limit } | Kind::MinProperties { limit } => measured(properties, *limit),
        Kind::MultipleOf { multiple_of } => {
            let got = number(value.as_f64().unwrap_or_default());
            format!("multipleOf: got {got}, want {}", number(*multiple_of))
        }
        Kind::Not { .. } => "'not' failed".into(),
        Kind::OneOfMultipleValid { context } => {
            let valid = context.iter().enumerate().filter(|(_, errors)| errors.is_empty());
            let valid: Vec<String> = valid.take(2).map(|(at, _)| at.to_string()).collect();
            format!("'oneOf' failed, subschemas {} matched", valid.join(", "))
        }
        Kind::OneOfNotValid { context } => {
            format!("'oneOf' failed, none matched{}", causes(context, error, depth))
        }
        Kind::Pattern { pattern } => format!("the text does not match pattern {}", quoted(pattern)),
        Kind::PropertyNames { error } => {
            let name = error.instance().as_str().unwrap_or_default().to_owned();
            format!("invalid propertyName {}", quoted(&name))
        }
        Kind::Type { kind } => {
            let wanted: Vec<String> = match kind {
                TypeKind::Single(wanted) => vec![wanted.to_string()],
                TypeKind::Multiple(all) => all.iter().map(|wanted| wanted.to_string()).collect(),
            };
            let mut wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
            wanted.sort_by_key(|wanted| TYPES.iter().position(|known| known == wanted));
            format!("got {}, want {}", type_of(value), wanted.join(" or "))
        }
        Kind::UniqueItems => twins(value).map_or_else(
            || "items are equal".into(),
            |(first, second)| format!("items at {first} and {second} are equal"),
        ),
        _ => format!("'{keyword}' failed"),
    }
}

/// The types in the order in which they are listed.
const TYPES: [&str; 7] = ["null", "boolean", "number", "integer", "string", "array", "object"];
/// Reasons inside each other.
const DEPTH: usize = 8;

fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Array(_) => "array",
        Json::Bool(_) => "boolean",
        Json::Null => "null",
        Json::Number(_) => "number",
        Json::Object(_) => "object",
        Json::String(_) => "string",
    }
}

/// Why none of several schemas is met, a line for each.
fn causes(context: &[Vec<ValidationError<'_>>], around: &ValidationError<'_>, depth: usize) -> String {
    let mut out = String::new();
    if depth == DEPTH {
        return out;
    }
    for errors in context {
        let mut depth = depth + 1;
        if errors.len() > 1 {
            let _ =
                write!(out, "\n{}- at '{}': validation failed", "  ".repeat(depth), around.instance_path());
            depth += 1;
        }
        let mut faults = Faults::default();
        errors.iter().for_each(|error| faults.add_at(error, depth));
        for Fault { path, words } in faults.list {
            let _ = write!(out, "\n{}- at '{path}': {words}", "  ".repeat(depth));
        }
    }
    out
}

fn one_of(options: &[Json]) -> Option<String> {
    let display = |value: &Json| match value {
        Json::Array(_) | Json::Object(_) => None,
        Json::Null => Some("<nil>".to_owned()),
        Json::String(text) => Some(quoted(text)),
        Json::Bool(_) | Json::Number(_) => Some(value.to_string()),
    };
    let options: Vec<String> = options.iter().map(display).collect::<Option<_>>()?;
    Some(match options.as_slice() {
        [one] => format!("value must be {one}"),
        all => format!("value must be one of {}", all.join(", ")),
    })
}

/// The first two items that are equal.
fn twins(value: &Json) -> Option<(usize, usize)> {
    let items = value.as_array()?;
    let earlier = |at: usize| items[..at].iter().position(|item| *item == items[at]);
    (1..items.len()).find_map(|at| Some((earlier(at)?, at)))
}

fn joined(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

fn quoted(text: &str) -> String {
    let text = iac_gotemplate::quoted(text.as_bytes());
    format!("'{}'", text[1..text.len() - 1].replace(r#"\""#, "\"").replace('\'', r"\'"))
}

/// Go: golang.org/x/text/message, `%v` of a number in English.
fn number(value: f64) -> String {
    const EXPONENT: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let text = strconv::format_float(value, 'g', None);
    if let Some((mantissa, exponent)) = text.split_once('e') {
        let exponent = exponent.chars().filter_map(|c| match c {
            '-' => Some('⁻'),
            c => Some(EXPONENT[c.to_digit(10)? as usize]),
        });
        return format!("{mantissa}×10{}", exponent.collect::<String>());
    }
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(a, b)| (a, Some(b)));
    let digits = whole.trim_start_matches('-');
    let mut out = whole[..whole.len() - digits.len()].to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{out}.{fraction}"),
        None => out,
    }
}
