//! Which workloads a network policy is for: `applies-to`.

use std::collections::HashMap;

use iac_model::{Attr, Value};

use super::references::is_closest;
use crate::kubernetes::{KubernetesView, Object, Selector, Workload};
use crate::{Additions, Edge, EdgeKind, Graph, NodeKind, Tri, View};

/// Links network policies and workloads. Policies that we do not translate are linked with every workload that they may
/// select, and are never certain.
pub(super) fn applies_to(graph: &Graph<'_>, additions: &mut Additions) {
    let mut by_namespace: HashMap<&str, Vec<Workload<'_>>> = HashMap::new();
    for workload in graph.workloads() {
        by_namespace.entry(workload.namespace_or_default()).or_default().push(workload);
    }
    for policy in graph.network_policies() {
        let selector = policy.pod_selector();
        let workloads = by_namespace.get(policy.namespace_or_default()).map_or(&[][..], Vec::as_slice);
        for workload in workloads {
            let edge = match selector.matches(workload.pod_labels()) {
                Tri::No => continue,
                _ if !is_closest(graph, policy.node(), workload.node()) => continue,
                Tri::Unknown(symbol) => Edge::new(EdgeKind::AppliesTo).possible(symbol),
                Tri::Yes => Edge::new(EdgeKind::AppliesTo),
            };
            let edge = edge.because(selector.attr().origin(), policy.address());
            additions.edge(policy.node(), workload.node(), edge);
        }
    }
    for (node, _) in graph.nodes_of(NodeKind::NetworkPolicy) {
        let Some(object) = graph.object(node) else { continue };
        if !matches!(object.api_group(), "extensions" | "networking.k8s.io") {
            foreign(graph, additions, object);
        }
    }
}

fn foreign(graph: &Graph<'_>, additions: &mut Additions, object: Object<'_>) {
    for workload in graph.workloads() {
        if object.namespace().is_some() && object.namespace_or_default() != workload.namespace_or_default() {
            continue;
        }
        if may_select(object, workload) {
            let edge =
                Edge::new(EdgeKind::AppliesTo).possible(None).because(object.body().origin, object.address());
            additions.edge(object.node(), workload.node(), edge);
        }
    }
}

/// Cilium selects by label selectors; other kinds have languages of their own and may select anything.
fn may_select(object: Object<'_>, workload: Workload<'_>) -> bool {
    if object.api_group() != "cilium.io" {
        return true;
    }
    let specs = object.body().get("spec").into_iter();
    let more = object.body().get("specs").and_then(Value::as_list).unwrap_or_default();
    specs.chain(more).any(|spec| match spec.attr("endpointSelector") {
        Attr::Absent(_) => false,
        selector => Selector::full(selector).matches(workload.pod_labels()).may(),
    })
}
