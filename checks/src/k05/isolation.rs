//! Which policies hold for a pod.

use iac_graph::kubernetes::{Direction, KubernetesView, NetworkPolicy, Workload};
use iac_graph::{Graph, Tri, View};

/// Kinds of other policy engines. What they allow is not judged, so pods that they may select are never called open.
const OTHER_POLICIES: [&str; 7] = [
    "AdminNetworkPolicy",
    "BaselineAdminNetworkPolicy",
    "CiliumClusterwideNetworkPolicy",
    "CiliumNetworkPolicy",
    "ClusterNetworkPolicy",
    "GlobalNetworkPolicy",
    "StagedNetworkPolicy",
];

/// The policies of a namespace.
pub(super) fn policies<'g>(graph: &'g Graph<'g>, namespace: &str) -> Vec<NetworkPolicy<'g>> {
    graph.network_policies().filter(|policy| policy.namespace_or_default() == namespace).collect()
}

/// Tells whether a policy selects a pod.
pub(super) fn selects(policy: NetworkPolicy<'_>, workload: Workload<'_>) -> Tri {
    if !policy.graph().can_meet(policy.node(), workload.node()) {
        return Tri::No;
    }
    policy.pod_selector().matches(workload.pod_labels())
}

/// Tells whether a pod is isolated in a direction by some policy of its namespace. Open if a policy of another
/// engine may do it.
pub(super) fn is_isolated(graph: &Graph<'_>, workload: Workload<'_>, direction: Direction) -> Tri {
    let own = policies(graph, workload.namespace_or_default());
    let isolated =
        Tri::any(own.into_iter().map(|policy| policy.isolates(direction).and(selects(policy, workload))));
    if isolated.is_no() && has_other_policies(graph, workload.namespace_or_default()) {
        return Tri::Unknown(None);
    }
    isolated
}

/// Tells whether policies of another engine may hold in a namespace.
pub(super) fn has_other_policies(graph: &Graph<'_>, namespace: &str) -> bool {
    OTHER_POLICIES
        .iter()
        .flat_map(|kind| graph.raw(kind))
        .any(|policy| policy.namespace().is_none_or(|own| own == namespace))
        || graph
            .raw("NetworkPolicy")
            .any(|policy| policy.api_group().contains("calico") && policy.namespace_or_default() == namespace)
}
