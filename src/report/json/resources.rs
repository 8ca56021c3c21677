//! `iac-scan resources`: everything the scan saw, evaluated.

use std::collections::BTreeMap;

use iac_load::{Loaded, Output};
use iac_model::{Mode, Resource, ResourceKind, Store, Unit, UnitKind};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{v1, value};
use crate::locate::{About, Locator};
use crate::troubles;

/// What is printed and what is not.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    /// Data sources too.
    pub(crate) data: bool,
    /// Secret values too.
    pub(crate) secrets: bool,
}

#[derive(Serialize)]
struct Described<'a> {
    address: &'a str,
    origin: &'static str,
    mode: &'static str,
    r#type: String,
    body: Box<RawValue>,
    location: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    instances: Option<&'static str>,
    value_sets: Vec<&'a str>,
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    kind: &'static str,
    resources: Vec<Described<'a>>,
    /// Outputs of the roots; where several have one of the same name, the directory stands before it.
    outputs: BTreeMap<String, Box<RawValue>>,
    problems: serde_json::Value,
}

/// The document's text.
///
/// # Errors
/// Never in practice: what is written is JSON by construction.
pub(crate) fn document(store: &Store, loaded: &Loaded, wanted: Wanted) -> serde_json::Result<String> {
    let Loaded { resources, units, problems, outputs, .. } = loaded;
    let locator = Locator::new(store, units, resources);
    let problems = troubles::of(&locator, store, units, problems);
    let described = resources.iter().filter(|resource| wanted.data || mode(resource) != "data");
    let document = Document {
        version: 1,
        kind: "resources",
        resources: described
            .map(|one| describe(store, &locator, units, one, wanted))
            .collect::<Result<_, _>>()?,
        outputs: named(store, outputs, wanted)?,
        problems: v1::problems(&problems),
    };
    serde_json::to_string_pretty(&document)
}

fn named(
    store: &Store,
    outputs: &[Output],
    wanted: Wanted,
) -> serde_json::Result<BTreeMap<String, Box<RawValue>>> {
    let is_unique = |name: &str| outputs.iter().filter(|output| output.name == name).count() == 1;
    let one = |output: &Output| {
        let name = match is_unique(&output.name) {
            true => output.name.clone(),
            false => format!("{}/{}", output.root, output.name),
        };
        let mut text = String::new();
        value::write(store, &output.value, wanted.secrets, &mut text);
        Ok((name, RawValue::from_string(text)?))
    };
    outputs.iter().map(one).collect()
}

fn describe<'a>(
    store: &Store,
    locator: &Locator<'_>,
    units: &[Unit],
    resource: &'a Resource,
    wanted: Wanted,
) -> serde_json::Result<Described<'a>> {
    let mut body = String::new();
    match is_secret(resource) && !wanted.secrets {
        true => value::write(store, &masked(resource), false, &mut body),
        false => value::write(store, &resource.body, wanted.secrets, &mut body),
    }
    let place = locator.primary(resource.origin, About::Whole, Some(resource), "");
    let unit = units.get(resource.unit.0 as usize);
    let (r#type, instances) = match &resource.kind {
        ResourceKind::Kubernetes(id) => (format!("{}/{}", id.api_version, id.kind), None),
        ResourceKind::Terraform(id) => {
            let instances = if id.key == "[*]" { "any" } else { "known" };
            (id.resource_type.clone(), Some(instances))
        }
    };
    Ok(Described {
        address: &resource.address,
        origin: match (&resource.kind, unit.map(|unit| unit.kind)) {
            (ResourceKind::Terraform(_), _) => "terraform",
            (ResourceKind::Kubernetes(_), Some(UnitKind::Chart)) => "helm",
            (ResourceKind::Kubernetes(_), Some(UnitKind::TerraformRoot | UnitKind::Plan)) => "terraform",
            (ResourceKind::Kubernetes(_), Some(UnitKind::Component)) => "component",
            (ResourceKind::Kubernetes(_), Some(UnitKind::Manifest) | None) => "manifest",
        },
        mode: mode(resource),
        r#type,
        body: RawValue::from_string(body)?,
        location: place.map_or(serde_json::Value::Null, |place| v1::place(&place)),
        instances,
        value_sets: resource.value_set.as_deref().into_iter().collect(),
    })
}

fn mode(resource: &Resource) -> &'static str {
    match &resource.kind {
        ResourceKind::Kubernetes(_) => "manifest",
        ResourceKind::Terraform(id) => match id.mode {
            Mode::Data => "data",
            Mode::Managed => "managed",
            Mode::Provider => "provider",
        },
    }
}

fn is_secret(resource: &Resource) -> bool {
    matches!(&resource.kind, ResourceKind::Kubernetes(id) if id.kind == "Secret" && id.api_version == "v1")
}

/// A Secret whose values are marked as sensitive.
fn masked(resource: &Resource) -> iac_model::Value {
    let mut body = resource.body.clone();
    if let iac_model::Kind::Map(map) = &mut body.kind {
        for key in ["data", "stringData"] {
            if let Some(value) = map.get_mut(key) {
                value::mask(value);
            }
        }
    }
    body
}
