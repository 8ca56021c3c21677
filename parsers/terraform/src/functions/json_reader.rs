//! Values of the language from JSON and YAML documents.

use iac_hcl::{Field, Kind, Number, Result, Type, Value};
use iac_model::json::{self, Repeat};
use iac_model::{Input, Kind as ModelKind, Number as ModelNumber, Store, Value as ModelValue};

use super::Call;

/// Reads JSON: arrays are tuples, objects are objects, null has no type.
pub(super) fn read(call: &Call<'_>, input: &Input) -> Result<Value> {
    match json::parse_with_repeats(call.store(), input) {
        Ok((value, repeats)) => {
            for Repeat { key, earlier, later } in &repeats {
                // cty: json.ImpliedType lets values of one type pass.
                if from_document(call, earlier)?.type_of() != from_document(call, later)?.type_of() {
                    let key = key.to_str_lossy();
                    return call.fail(format!("invalid JSON: {key:?} stands twice with different types"));
                }
            }
            from_document(call, &value)
        }
        Err(error) => call.fail(format!("invalid JSON at offset {}: {}", error.offset, error.message)),
    }
}

/// A value of a document as a value of the language. Strings are normalised; one that is a whole symbol is that
/// unknown again.
pub(super) fn from_document(call: &Call<'_>, value: &ModelValue) -> Result<Value> {
    let origin = value.origin;
    Ok(match &value.kind {
        ModelKind::Null => Value::null(Type::Any, origin),
        ModelKind::Bool(value) => Value::bool(*value, origin),
        ModelKind::Number(number) => match exact(call.store(), value, number) {
            Some(number) => Value::number(number, origin),
            None => return call.fail("a number in the document is too large"),
        },
        ModelKind::String(text) => call.make_text(text.clone()).at(origin),
        ModelKind::List(list) => {
            let elements: Result<Vec<Value>> =
                list.iter().map(|element| from_document(call, element)).collect();
            Value::tuple(elements?, origin)
        }
        ModelKind::Map(map) => {
            let mut fields = Vec::with_capacity(map.len());
            for entry in map {
                let value = from_document(call, &entry.value)?;
                let key = match call.make_text(entry.key.clone()).kind {
                    Kind::String(text) => text,
                    _ => entry.key.clone(),
                };
                fields.push(Field::with_text(&key, entry.key.origin(), value));
            }
            Value::object(fields.into_iter().collect(), origin)
        }
        ModelKind::Unknown(symbol) => Value::unknown(*symbol, Type::Any, origin),
    })
}

/// The number with all its digits: a float of the document model has lost some of them.
fn exact(store: &Store, value: &ModelValue, number: &ModelNumber) -> Option<Number> {
    if let ModelNumber::Float(_) = number
        && let Some(span) = store.origins.leaf(value.origin)
        && let Some(exact) = Number::parse(&store.sources.slice(span))
    {
        return Some(exact);
    }
    Number::parse(&number.to_string())
}
