//! The roles that Kubernetes itself creates, as far as the input refers to them.

use std::collections::BTreeSet;

use iac_model::{FileKind, Input, Residence, Value, json};

use super::Body;
use super::kubernetes::{Place, add_object, address_of, identify};
use crate::Graph;
use crate::kubernetes::KubernetesView;

/// Kubernetes v1.37.2, plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata; see `tests/bootstrap_policy.rs`.
const POLICY: &str = include_str!("../../data/bootstrap-policy.json");

/// Adds the bootstrap roles that bindings of the input refer to and the input does not hold, and what these
/// aggregate.
pub(super) fn add(graph: &mut Graph<'_>) {
    let wanted = wanted(graph);
    if wanted.is_empty() {
        return;
    }
    let sources = &graph.store.sources;
    let file = sources.add(
        "kubernetes/bootstrap-policy.json",
        FileKind::Config,
        Residence::Memory,
        POLICY.as_bytes(),
    );
    let Ok(policy) = json::parse(graph.store, &Input::File(file)) else { return };
    let known: BTreeSet<String> = graph.raw("ClusterRole").map(|role| role.name().to_owned()).collect();
    for item in policy.as_list().unwrap_or_default() {
        let Some(id) = identify(graph.store, item, None).filter(|id| id.kind.ends_with("Role")) else {
            continue;
        };
        let referenced = wanted.contains(&id.name) || is_part_of(item, &wanted);
        if !referenced || (id.kind == "ClusterRole" && known.contains(&id.name)) {
            continue;
        }
        let place = Place { resource: None, address: address_of(&id), origin: None, variant: None };
        add_object(graph, place, id, Body::Own(item.clone()));
    }
}

/// Tells whether Kubernetes itself creates a role of this name.
pub(crate) fn is_bootstrap_role(name: &str) -> bool {
    POLICY.contains(&format!("\"name\":\"{name}\""))
}

fn wanted(graph: &Graph<'_>) -> BTreeSet<String> {
    let mut wanted = BTreeSet::new();
    for binding in graph.raw("ClusterRoleBinding").chain(graph.raw("RoleBinding")) {
        if let Some(name) = binding.body().at(&["roleRef", "name"]).and_then(Value::as_str) {
            wanted.insert(name.to_owned());
        }
    }
    for role in graph.raw("ClusterRole") {
        for target in AGGREGATES {
            if role.labels().get(&label(target)).is("true") {
                wanted.insert((*target).to_owned());
            }
        }
    }
    wanted.retain(|name| is_bootstrap_role(name));
    // `admin` aggregates `edit`, and `edit` aggregates `view`.
    for (role, part) in [("admin", "edit"), ("edit", "view")] {
        if wanted.contains(role) {
            wanted.insert(part.to_owned());
        }
    }
    wanted
}

/// The bootstrap roles that aggregate others.
const AGGREGATES: [&str; 3] = ["admin", "edit", "view"];

fn label(role: &str) -> String {
    format!("rbac.authorization.k8s.io/aggregate-to-{role}")
}

fn is_part_of(role: &Value, wanted: &BTreeSet<String>) -> bool {
    let labels = role.at(&["metadata", "labels"]);
    AGGREGATES.iter().any(|target| {
        wanted.contains(*target) && labels.and_then(|labels| labels.get(&label(target))).is_some()
    })
}
