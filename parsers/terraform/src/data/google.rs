//! `google_iam_policy`; terraform-provider-google: data_source_google_iam_policy.go.

use iac_hcl::{Fields, Value};
use iac_model::{OriginId, Store, Text};

use super::json_text::{Json, Layout};
use super::{DataSource, written};
use crate::to_model::text_of;

/// The policy as JSON in `policy_data`.
pub(super) fn iam_policy(source: &DataSource<'_>) -> Fields {
    let store = source.scope.run.store;
    let origin = source.origin;
    let mut pairs = Vec::new();
    for (argument, key, read) in [
        ("audit_config", "auditConfigs", audit_config as fn(&Store, &Fields, OriginId) -> Json),
        ("binding", "bindings", binding),
    ] {
        let Some(value) = source.argument(argument) else { continue };
        let json = match value.as_elements() {
            Some(blocks) => {
                let list = blocks.iter().filter(|block| !block.is_null()).map(|block| match written(block) {
                    Some(fields) => read(store, fields, block.origin),
                    None => bare(store, block),
                });
                Json::List(list.collect(), value.origin)
            }
            None => bare(store, value),
        };
        pairs.push((Text::new(key, origin), json));
    }
    let marks =
        source.arguments.values().fold(iac_hcl::Marks::NONE, |marks, value| marks.and(value.deep_marks()));
    let text = Json::Object(pairs, origin).write(Layout::Minified, origin);
    let mut fields = Fields::new();
    fields.insert("policy_data", origin, Value::text(text, origin).marked(marks));
    fields
}

fn binding(store: &Store, fields: &Fields, origin: OriginId) -> Json {
    let mut pairs = Vec::new();
    let condition = fields.get("condition").and_then(Value::as_elements).and_then(|blocks| blocks.first());
    if let Some((block, inner)) = condition.and_then(|block| Some((block, written(block)?))) {
        let texts = ["description", "expression", "title"];
        let texts = texts.into_iter().filter_map(|name| text(store, inner, name, name));
        pairs.push((Text::new("condition", block.origin), Json::Object(texts.collect(), block.origin)));
    }
    if let Some(members) = fields.get("members").filter(|members| !members.is_null()) {
        pairs.push((Text::new("members", members.origin), strings(store, members)));
    }
    pairs.extend(text(store, fields, "role", "role"));
    Json::Object(pairs, origin)
}

fn audit_config(store: &Store, fields: &Fields, origin: OriginId) -> Json {
    let mut pairs = Vec::new();
    if let Some(logs) = fields.get("audit_log_configs")
        && let Some(blocks) = logs.as_elements()
    {
        let one = |block: &Value| {
            let Some(inner) = written(block) else { return bare(store, block) };
            let mut pairs = Vec::new();
            if let Some(members) = inner.get("exempted_members").filter(|members| !members.is_null()) {
                pairs.push((Text::new("exemptedMembers", members.origin), strings(store, members)));
            }
            pairs.extend(text(store, inner, "log_type", "logType"));
            Json::Object(pairs, block.origin)
        };
        pairs.push((
            Text::new("auditLogConfigs", logs.origin),
            Json::List(blocks.iter().map(one).collect(), logs.origin),
        ));
    }
    pairs.extend(text(store, fields, "service", "service"));
    Json::Object(pairs, origin)
}

fn text(store: &Store, fields: &Fields, name: &str, key: &str) -> Option<(Text, Json)> {
    let field = fields.field(name).filter(|field| !field.value.is_null())?;
    Some((Text::new(key, field.origin), Json::String(text_of(store, &field.value)?)))
}

/// A set of strings, sorted.
fn strings(store: &Store, value: &Value) -> Json {
    let Some(elements) = value.as_elements() else { return bare(store, value) };
    let mut texts: Vec<Text> = elements.iter().filter_map(|element| text_of(store, element)).collect();
    texts.sort_by(|a, b| a.bytes().cmp(b.bytes()));
    texts.dedup_by(|a, b| a.bytes() == b.bytes());
    Json::List(texts.into_iter().map(Json::String).collect(), value.origin)
}

/// What is not known in shape.
fn bare(store: &Store, value: &Value) -> Json {
    Json::Bare(text_of(store, value).unwrap_or_else(|| Text::new("null", value.origin)))
}
