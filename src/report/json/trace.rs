//! What a line takes part in, as a document.

use serde_json::{Map, Value, json};

use super::v1;
use crate::outcome::Place;
use crate::uses::{DecisionUse, FieldUse, Uses};

/// The document about one line.
pub(crate) fn document(path: &str, line: u32, uses: &Uses) -> Map<String, Value> {
    let mut document = v1::document("trace");
    document.insert("path".into(), path.into());
    document.insert("line".into(), line.into());
    document.insert("values_key".into(), uses.key.clone().into());
    document.insert("fields".into(), uses.fields.iter().map(field).collect());
    document.insert("decisions".into(), uses.decisions.iter().map(decision).collect());
    let overriding = |(key, place): &(String, Place)| json!({"key": key, "location": v1::place(place)});
    document.insert("overridden_by".into(), uses.overridden_by.iter().map(overriding).collect());
    document
}

fn field(field: &FieldUse) -> Value {
    json!({
        "resource": field.address,
        "field": field.field,
        "value": field.value,
        "part": field.part.id(),
        "value_sets": field.value_sets,
        "trace": v1::places(&field.trace),
    })
}

fn decision(decision: &DecisionUse) -> Value {
    json!({
        "subject": decision.subject,
        "present": decision.present,
        "value_sets": decision.value_sets,
        "trace": v1::places(&decision.trace),
    })
}
