//! Terraform resources that change an object of somebody else: labels, annotations, data.

use iac_model::{Kind, KubernetesId, Map, Mode, OriginId, ResourceKind, Text, Value};

use super::Body;
use super::kubernetes::{Place, add_object, identify};
use crate::Graph;

/// Applies the patches to the objects that the input holds. Data of a ConfigMap or Secret that it does not hold makes
/// one: `aws-auth` is nearly always written so.
pub(super) fn apply(graph: &mut Graph<'_>) {
    let mut patches = Vec::new();
    for (index, resource) in graph.resources.iter().enumerate() {
        let ResourceKind::Terraform(id) = &resource.kind else { continue };
        if id.mode == Mode::Managed
            && let Some(patch) = read(graph, index, &id.resource_type, &resource.body)
        {
            patches.push(patch);
        }
    }
    for patch in patches {
        let key = (
            patch.target.kind.clone(),
            patch.target.namespace.clone().unwrap_or_default(),
            patch.target.name.clone(),
        );
        let found = graph.index.names.get(&key).and_then(|found| found.first()).copied();
        match found {
            Some(object) => {
                let mut body = graph.body_of(object).clone();
                merge(&mut body, &patch);
                graph.objects[object as usize].body = Body::Own(body);
            }
            None if patch.path == ["data"] => create(graph, &patch),
            None => {}
        }
    }
}

struct Patch {
    resource: usize,
    target: KubernetesId,
    /// Where the entries go.
    path: Vec<&'static str>,
    entries: Map,
    origin: OriginId,
}

fn read(graph: &Graph<'_>, resource: usize, resource_type: &str, body: &Value) -> Option<Patch> {
    let (kind, key, path): (Option<&str>, &str, Vec<&'static str>) = match resource_type {
        "kubernetes_annotations" => (None, "annotations", vec!["metadata", "annotations"]),
        "kubernetes_config_map_v1_data" => (Some("ConfigMap"), "data", vec!["data"]),
        "kubernetes_labels" => (None, "labels", vec!["metadata", "labels"]),
        "kubernetes_secret_v1_data" => (Some("Secret"), "data", vec!["data"]),
        _ => return None,
    };
    let entries = body.get(key)?.as_map()?.clone();
    let mut header = Map::new();
    let origin = body.origin;
    let text = |text: &str| Value::string(Text::new(text, origin));
    let (version, kind) = match kind {
        Some(kind) => (text("v1"), text(kind)),
        None => (body.get("api_version")?.clone(), body.get("kind")?.clone()),
    };
    header.insert(Text::new("apiVersion", origin), version);
    header.insert(Text::new("kind", origin), kind);
    let metadata = match &body.get("metadata")?.kind {
        Kind::List(blocks) => blocks.first()?.clone(),
        _ => body.get("metadata")?.clone(),
    };
    header.insert(Text::new("metadata", origin), metadata);
    let target = identify(graph.store, &Value::new(Kind::Map(header), origin), Some("default"))?;
    Some(Patch { resource, target, path, entries, origin })
}

fn merge(body: &mut Value, patch: &Patch) {
    let mut place = body;
    for key in &patch.path {
        let Kind::Map(map) = &mut place.kind else { return };
        if map.get(key).is_none_or(Value::is_null) {
            map.insert(Text::new(*key, patch.origin), Value::new(Kind::Map(Map::new()), patch.origin));
        }
        let Some(inner) = map.get_mut(key) else { return };
        place = inner;
    }
    if let Kind::Map(map) = &mut place.kind {
        for entry in &patch.entries {
            map.insert(entry.key.clone(), entry.value.clone());
        }
    }
}

fn create(graph: &mut Graph<'_>, patch: &Patch) {
    let text = |text: &str| Value::string(Text::new(text, patch.origin));
    let key = |key: &str| Text::new(key, patch.origin);
    let mut metadata = Map::new();
    metadata.insert(key("name"), text(&patch.target.name));
    if let Some(namespace) = &patch.target.namespace {
        metadata.insert(key("namespace"), text(namespace));
    }
    let mut body = Map::new();
    body.insert(key("apiVersion"), text(&patch.target.api_version));
    body.insert(key("kind"), text(&patch.target.kind));
    body.insert(key("metadata"), Value::new(Kind::Map(metadata), patch.origin));
    let data = if patch.target.kind == "Secret" { "stringData" } else { "data" };
    body.insert(key(data), Value::new(Kind::Map(patch.entries.clone()), patch.origin));
    let resource = &graph.resources[patch.resource];
    let place = Place {
        resource: Some(patch.resource),
        address: resource.address.clone(),
        origin: Some(resource.origin),
        variant: None,
    };
    add_object(graph, place, patch.target.clone(), Body::Own(Value::new(Kind::Map(body), patch.origin)));
}
