//! What Terraform puts into a cluster: charts by `helm_release`, objects by `kubectl_manifest`.

use iac_helm::ValuesLayer;
use iac_model::{
    Attr, Input, Installer, Kind, Problem, ProblemSeverity, Resource, ResourceKind, Span, Store, Text,
    TextBuilder, UnitId, Value,
};
use iac_terraform::ChartLocation;

use crate::charts::Installation;
use crate::kubernetes::{self, Context};

/// The chart that a `helm_release` installs, and how.
pub(crate) fn release(
    store: &Store,
    location: Option<ChartLocation>,
    resource: &Resource,
) -> Result<(String, Installation), Problem> {
    let body = &resource.body;
    let address = &resource.address;
    let not_analysed = |message: String| {
        let problem = Problem::new("chart-not-on-disk", ProblemSeverity::Partial, message);
        match store.origins.place(resource.origin) {
            Some(span) => problem.at(span),
            None => problem,
        }
    };
    let path = match location {
        Some(ChartLocation::Local(path)) => path,
        Some(ChartLocation::Missing(path) | ChartLocation::Outside(path)) => {
            let message = format!("{address} installs the chart {path}, which is not below the scanned path");
            return Err(not_analysed(message));
        }
        Some(ChartLocation::Remote { chart, repository, .. }) => {
            let from = repository.map_or(String::new(), |repository| format!(" of {repository}"));
            return Err(not_analysed(format!(
                "{address} installs the chart {chart}{from}, which is not on disk; vendor it to have it scanned"
            )));
        }
        Some(ChartLocation::Unknown(symbol)) => {
            let unknown = &store.symbols.get(symbol).address;
            return Err(not_analysed(format!("{address}: which chart it installs depends on {unknown}")));
        }
        None => return Err(not_analysed(format!("{address} names no chart"))),
    };
    let text = |key: &str, default: &str| match body.get(key) {
        Some(Value { kind: Kind::String(text), .. }) if !text.is_empty() => text.clone(),
        Some(Value { kind: Kind::Unknown(symbol), origin, .. }) => {
            Text::symbol(&store.symbols, *symbol, *origin)
        }
        _ => Text::new(default, resource.origin),
    };
    let values = list(body.get("values"));
    let installation = Installation {
        name: Some(address.clone()),
        installer: installer(resource),
        release: text("name", "release-name"),
        namespace: text("namespace", "default"),
        namespace_assumed: false,
        values: values.iter().filter_map(|value| values_layer(store, resource, value)).collect(),
        sets: ["set", "set_list", "set_sensitive", "set_wo"]
            .into_iter()
            .flat_map(|key| list(body.get(key)))
            .filter_map(|set| set_flag(store, set))
            .collect(),
        include_crds: body.attr_bool("skip_crds").known() != Some(true),
        problems: Vec::new(),
    };
    Ok((path, installation))
}

fn installer(resource: &Resource) -> Option<Installer> {
    let ResourceKind::Terraform(id) = &resource.kind else { return None };
    Some(Installer { root: id.root.clone(), address: resource.address.clone() })
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_list).unwrap_or_default()
}

/// One document of `values`: a string of YAML, in which symbols stay symbols.
fn values_layer(store: &Store, resource: &Resource, value: &Value) -> Option<ValuesLayer> {
    let text = value.as_text()?;
    let site = site(store, resource, value);
    let input = Input::String { text: text.clone(), site };
    let stream = iac_yaml::read(store, &input, iac_yaml::Options::default());
    let root = stream.documents.into_iter().next()?.root;
    root.as_map()?;
    Some(ValuesLayer::Value(root))
}

fn site(store: &Store, resource: &Resource, value: &Value) -> Span {
    let place = store.origins.place(value.origin).or_else(|| store.origins.place(resource.origin));
    place.unwrap_or_else(|| {
        Span::new(store.sources.add_rendered("helm_release", Text::new("", value.origin)), 0, 0)
    })
}

/// A `set` block. The provider hands `name=value` to Helm's own parser, so the grammar is that of `--set`.
fn set_flag(store: &Store, set: &Value) -> Option<iac_helm::SetFlag> {
    let name = set.get("name")?.as_text()?;
    let kind = match set.attr_str("type") {
        Attr::Known("string", _) => iac_helm::SetKind::String,
        Attr::Known("literal", _) => iac_helm::SetKind::Literal,
        Attr::Known(..) | Attr::Absent(_) | Attr::Unknown(..) => iac_helm::SetKind::Typed,
    };
    let mut text = TextBuilder::new();
    text.push_text(name);
    text.push("=", name.origin());
    let value = set.get("value").or_else(|| set.get("value_wo"))?;
    match &value.kind {
        Kind::List(elements) => {
            text.push("{", value.origin);
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    text.push(",", value.origin);
                }
                push(store, &mut text, element);
            }
            text.push("}", value.origin);
        }
        _ => push(store, &mut text, value),
    }
    Some(iac_helm::SetFlag { kind, text: text.finish_or(|| value.origin), files: Vec::new() })
}

fn push(store: &Store, text: &mut TextBuilder, value: &Value) {
    match &value.kind {
        Kind::String(string) => text.push_text(string),
        Kind::Unknown(symbol) => text.push_symbol(&store.symbols, *symbol, value.origin),
        _ => text.push(value.scalar_text().unwrap_or_default().as_bytes(), value.origin),
    }
}

/// The objects in the YAML of a `kubectl_manifest`; they keep the Terraform address.
pub(crate) fn kubectl_manifest(
    store: &Store,
    resource: &Resource,
    problems: &mut Vec<Problem>,
) -> Vec<Resource> {
    let Some(value) = resource.body.get("yaml_body") else { return Vec::new() };
    let Some(text) = value.as_text() else { return Vec::new() };
    let input = Input::String { text: text.clone(), site: site(store, resource, value) };
    let stream = iac_yaml::read(store, &input, iac_yaml::Options::default());
    problems.extend(stream.problems);
    let context = Context {
        unit: UnitId(0),
        value_set: None,
        namespace: "default".into(),
        namespace_assumed: true,
        printed_namespace: None,
        address: Some(resource.address.clone()),
    };
    stream
        .documents
        .into_iter()
        .flat_map(|document| kubernetes::resources(store, document.root, &context))
        .collect()
}
