use super::isolation::selects;
use crate::prelude::*;

rule! {
    /// The policy selects no pod, so it isolates nothing.
    ///
    /// ## Why it matters
    /// Somebody believes that these pods are protected. Mostly a label was renamed.
    ///
    /// ## How to fix
    /// Make `podSelector` match the labels of the pod template.
    ///
    /// ## References
    /// - Kubernetes, Network Policies
    RULE = {
        id: "network-policy-selects-nothing",
        owasp: K05,
        severity: Low,
        title: "the policy selects no pod",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for policy in scan.graph.network_policies() {
        let selector = policy.pod_selector();
        let Attr::Known(_, at) = selector.attr() else { continue };
        if selector.is_empty() {
            continue;
        }
        let namespace = policy.namespace_or_default();
        let neighbours: Vec<Workload<'_>> = scan
            .graph
            .workloads()
            .filter(|workload| workload.namespace_or_default() == namespace && workload.can_meet(policy))
            .collect();
        // Without a single workload beside it the policy is for pods that are not in the input.
        let same_unit = |workload: &Workload<'_>| {
            workload.resource().map(|resource| resource.unit)
                == policy.resource().map(|resource| resource.unit)
        };
        let judged = scan.graph.is_closed(namespace) && !neighbours.is_empty()
            || neighbours.iter().any(same_unit) && policy.is_rendered();
        if judged && neighbours.iter().all(|workload| selects(policy, *workload).is_no()) {
            out.report(&RULE, policy, at, "no pod has these labels");
        }
    }
}
