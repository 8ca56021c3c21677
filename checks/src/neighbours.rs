//! Whether the pods that an object selects should be in the input at all.

use iac_graph::kubernetes::{KubernetesView, Selector, Workload};
use iac_graph::{Graph, View};
use iac_model::OriginId;

/// Tells whether an object that selects no pod can be blamed for it: there are workloads beside it, and either all of
/// its namespace is in the input or its own chart renders some of them. Without a single workload beside it the object
/// is for pods that come from elsewhere.
pub(crate) fn are_known<'g>(graph: &'g Graph<'g>, object: impl KubernetesView<'g>) -> bool {
    let namespace = object.namespace_or_default();
    let unit = object.resource().map(|resource| resource.unit);
    let all = || {
        let same = |workload: &Workload<'g>| workload.namespace_or_default() == namespace;
        graph.workloads().filter(move |workload| same(workload) && workload.can_meet(object))
    };
    // Nobody but the operator knows what labels its pods have.
    if all().any(Workload::has_labels_of_operator) {
        return false;
    }
    let mut beside = all();
    if graph.is_closed(namespace) {
        return beside.next().is_some();
    }
    object.is_rendered() && beside.any(|workload| workload.resource().map(|resource| resource.unit) == unit)
}

/// Where a selector that finds no pod goes wrong: the first label that no pod beside the object has, else the selector.
pub(crate) fn wrong_label<'g>(
    graph: &'g Graph<'g>,
    object: impl KubernetesView<'g>,
    selector: Selector<'g>,
) -> OriginId {
    let namespace = object.namespace_or_default();
    let somebody_has = |key: &str, value: &str| {
        let mut beside = graph.workloads().filter(|workload| workload.namespace_or_default() == namespace);
        beside.any(|workload| workload.pod_labels().get(key).is(value))
    };
    let wrong = selector.labels().iter().find(|(key, value)| match value.as_str() {
        Some(value) => !somebody_has(key, value),
        None => false,
    });
    wrong.map_or(selector.attr().origin(), |(_, value)| value.origin)
}
