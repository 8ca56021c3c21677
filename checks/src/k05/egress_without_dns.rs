use crate::prelude::*;

rule! {
    /// Policies limit what the pods reach, and name resolution is not among it.
    ///
    /// ## Why it matters
    /// The pods find none of the servers that the policy allows. The usual repair in a hurry is to allow everything.
    ///
    /// ## How to fix
    /// Allow port 53, UDP and TCP, to the pods of `kube-dns` in `kube-system`.
    ///
    /// ## References
    /// - Kubernetes, Network Policies
    RULE = {
        id: "egress-without-dns",
        owasp: K05,
        severity: Low,
        persona: Pedantic,
        title: "the policies leave out name resolution",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for policy in scan.graph.network_policies() {
        // A policy without rules cuts pods off on purpose.
        let Some(first) = policy.rules(Direction::Egress).next() else { continue };
        if !policy.isolates(Direction::Egress).is_yes() {
            continue;
        }
        let selected = |workload: &Workload<'_>| {
            let known = |(known, certainty): (NetworkPolicy<'_>, Certainty)| {
                known.node() == policy.node() && certainty == Certainty::Certain
            };
            workload.network_policies().any(known)
        };
        let cut_off: Vec<Workload<'_>> =
            scan.graph.workloads().filter(selected).filter(|workload| !may_resolve(*workload)).collect();
        if cut_off.is_empty() {
            continue;
        }
        let finding = out.report(&RULE, policy, first.origin(), "port 53 is missing");
        for workload in cut_off {
            finding.affects(workload.node());
        }
    }
}

/// Tells whether any rule may let pods ask a name server.
fn may_resolve(workload: Workload<'_>) -> bool {
    if workload.has_foreign_network_policy() || !Tri::from(workload.host_network()).is_no() {
        return true;
    }
    workload.network_policies().any(|(policy, _)| {
        policy.rules_attr(Direction::Egress).is_unknown() || policy.rules(Direction::Egress).any(lets_resolve)
    })
}

/// Name servers are pods of another namespace, an address, or anybody.
fn lets_resolve(rule: NetworkRule<'_>) -> bool {
    let outside = rule.peers_attr().is_absent()
        || rule.peers_attr().is_unknown()
        || rule.peers().any(|peer| !peer.namespace_selector().is_absent() || !peer.cidr().is_absent());
    let named = rule.ports().any(|port| port.port().known().and_then(Value::as_str).is_some());
    outside && (named || rule.ports_open_at(Peer::AnyPod).is_open(Protocol::Udp, 53).may())
}
