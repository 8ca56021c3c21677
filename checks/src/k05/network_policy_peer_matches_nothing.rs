use crate::prelude::*;

rule! {
    /// A policy allows pods that do not exist.
    ///
    /// ## Why it matters
    /// The real clients are shut out, and whoever may create a pod with the labels is let in. Mostly a label was renamed.
    ///
    /// ## How to fix
    /// Make the peer's `podSelector` match the labels of the client's pod template.
    ///
    /// ## References
    /// - Kubernetes, Network Policies: Behavior of to and from selectors
    RULE = {
        id: "network-policy-peer-matches-nothing",
        owasp: K05,
        severity: Low,
        title: "the policy allows pods that do not exist",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for policy in scan.graph.network_policies() {
        let namespace = policy.namespace_or_default();
        // Clients may come from anywhere, so all of the namespace must be known.
        if !scan.graph.is_closed(namespace) {
            continue;
        }
        let beside: Vec<Workload<'_>> = scan
            .graph
            .workloads()
            .filter(|workload| workload.namespace_or_default() == namespace && workload.can_meet(policy))
            .collect();
        if beside.is_empty() {
            continue;
        }
        for rule in [Direction::Ingress, Direction::Egress].into_iter().flat_map(|way| policy.rules(way)) {
            for peer in rule.peers().filter(|peer| peer.namespace_selector().is_absent()) {
                let selector = Selector::full(peer.pod_selector());
                if peer.pod_selector().is_absent() || selector.is_empty() {
                    continue;
                }
                if beside.iter().all(|workload| selector.matches(workload.pod_labels()).is_no()) {
                    out.report(&RULE, policy, peer.pod_selector().origin(), "no pod has these labels");
                }
            }
        }
    }
}
