use crate::prelude::*;

rule! {
    /// The API server refuses the policy, so it never isolates anything.
    ///
    /// ## Why it matters
    /// A release that fails halfway, or an error that nobody reads, leaves the pods open.
    ///
    /// ## How to fix
    /// Do not combine `ipBlock` with selectors in one peer, and keep `endPort` at or above a numeric `port`.
    ///
    /// ## References
    /// - Kubernetes, NetworkPolicyPeer and NetworkPolicyPort
    RULE = {
        id: "network-policy-invalid-block",
        owasp: K05,
        severity: Medium,
        title: "the API server refuses the policy",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for policy in scan.graph.network_policies() {
        for rule in [Direction::Ingress, Direction::Egress].into_iter().flat_map(|way| policy.rules(way)) {
            for peer in rule.peers() {
                let selects = !peer.pod_selector().is_absent() || !peer.namespace_selector().is_absent();
                if selects && !peer.cidr().is_absent() {
                    out.report(&RULE, policy, peer.origin(), "a range and a selector in one peer");
                }
            }
            for port in rule.ports() {
                let (Attr::Known(end, at), Attr::Known(start, _)) = (port.end_port(), port.port()) else {
                    continue;
                };
                if start.as_i64().is_none_or(|start| start > end) {
                    out.report(&RULE, policy, at, "`endPort` needs a smaller numeric `port`");
                }
            }
        }
    }
}
