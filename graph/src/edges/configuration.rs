//! Which Secrets and ConfigMaps a workload uses: `uses-secret` and `uses-config`.

use super::references::{Wanted, find};
use crate::kubernetes::{ConfigReference, KubernetesView, Workload};
use crate::{Additions, Edge, EdgeKind, Graph, View};

/// Links workloads with the Secrets and ConfigMaps of the input that they use.
pub(super) fn uses(graph: &Graph<'_>, additions: &mut Additions) {
    for workload in graph.workloads() {
        for reference in workload.secret_references() {
            link(graph, additions, workload, reference, "Secret", EdgeKind::UsesSecret);
        }
        for reference in workload.config_map_references() {
            link(graph, additions, workload, reference, "ConfigMap", EdgeKind::UsesConfig);
        }
    }
}

fn link(
    graph: &Graph<'_>,
    additions: &mut Additions,
    workload: Workload<'_>,
    reference: ConfigReference<'_>,
    kind: &str,
    edge: EdgeKind,
) {
    let Some(name) = reference.name.known() else { return };
    for node in find(graph, Wanted::new(kind, workload.namespace_or_default(), name), workload.node()) {
        additions.edge(workload.node(), node, Edge::new(edge).because(reference.origin, workload.address()));
    }
}
