//! Which workloads a Service leads to: `selects`.

use std::collections::HashMap;

use super::references::is_closest;
use crate::kubernetes::{KubernetesView, Workload};
use crate::{Additions, Edge, EdgeKind, Graph, Tri, View};

/// Links Services and workloads.
pub(super) fn selects(graph: &Graph<'_>, additions: &mut Additions) {
    let mut by_namespace: HashMap<&str, Vec<Workload<'_>>> = HashMap::new();
    for workload in graph.workloads() {
        by_namespace.entry(workload.namespace_or_default()).or_default().push(workload);
    }
    for service in graph.services() {
        if service.service_type().is("ExternalName") {
            continue;
        }
        let selector = service.selector();
        let workloads = by_namespace.get(service.namespace_or_default()).map_or(&[][..], Vec::as_slice);
        for workload in workloads {
            let edge = match selector.matches(workload.pod_labels()) {
                Tri::No => continue,
                _ if !is_closest(graph, service.node(), workload.node()) => continue,
                Tri::Unknown(symbol) => Edge::new(EdgeKind::Selects).possible(symbol),
                Tri::Yes => Edge::new(EdgeKind::Selects),
            };
            let edge = edge.because(selector.attr().origin(), service.address());
            additions.edge(service.node(), workload.node(), edge);
        }
    }
}
