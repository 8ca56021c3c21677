//! Ignores as annotations, for people who can set nothing else: `ignore.iac-scan.dev/<rule>: "reason"`.

use iac_model::{OriginId, Resource, ResourceKind, Value};

/// What the keys of such annotations start with.
const PREFIX: &str = "ignore.iac-scan.dev/";

/// Where annotations of an object or its pods stand.
const PLACES: [&[&str]; 3] = [
    &["metadata", "annotations"],
    &["spec", "template", "metadata", "annotations"],
    &["spec", "jobTemplate", "spec", "template", "metadata", "annotations"],
];

/// One annotation.
pub(super) struct Annotation {
    pub(super) rule: String,
    pub(super) reason: String,
    pub(super) at: OriginId,
}

/// The ignores that annotate an object or its pod template.
pub(super) fn of(resource: &Resource) -> Vec<Annotation> {
    match resource.kind {
        ResourceKind::Kubernetes(_) => {
            PLACES.iter().filter_map(|keys| resource.body.at(keys)).flat_map(list).collect()
        }
        ResourceKind::Terraform(_) => Vec::new(),
    }
}

fn list(annotations: &Value) -> Vec<Annotation> {
    let entries = annotations.as_map().into_iter().flatten();
    let read = entries.filter_map(|entry| {
        let rule = entry.key.as_str()?.strip_prefix(PREFIX)?.to_owned();
        let reason = entry.value.scalar_text().unwrap_or_default().into_owned();
        Some(Annotation { rule, reason, at: entry.value.origin })
    });
    read.collect()
}
