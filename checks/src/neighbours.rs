//! Whether the pods that an object selects should be in the input at all.

use iac_graph::kubernetes::KubernetesView;
use iac_graph::{Graph, View};

/// Tells whether an object that selects no pod can be blamed for it: there are workloads beside it, and either all of
/// its namespace is in the input or its own chart renders some of them. Without a single workload beside it the object
/// is for pods that come from elsewhere.
pub(crate) fn are_known<'g>(graph: &'g Graph<'g>, object: impl KubernetesView<'g>) -> bool {
    let namespace = object.namespace_or_default();
    let unit = object.resource().map(|resource| resource.unit);
    let mut beside = graph
        .workloads()
        .filter(|workload| workload.namespace_or_default() == namespace && workload.can_meet(object));
    if graph.is_closed(namespace) {
        return beside.next().is_some();
    }
    object.is_rendered() && beside.any(|workload| workload.resource().map(|resource| resource.unit) == unit)
}
