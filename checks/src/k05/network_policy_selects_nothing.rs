use crate::neighbours;
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
        if !matches!(selector.attr(), Attr::Known(..)) || selector.is_empty() {
            continue;
        }
        let selects_nothing = scan.graph.followed(policy.node(), EdgeKind::AppliesTo).next().is_none();
        if selects_nothing && neighbours::are_known(scan.graph, policy) {
            let at = neighbours::wrong_label(scan.graph, policy, selector);
            out.report(&RULE, policy, at, "no pod has this label");
        }
    }
}
