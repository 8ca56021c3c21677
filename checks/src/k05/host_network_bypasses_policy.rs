use crate::prelude::*;

rule! {
    /// Network policies do not hold for a pod on the host's network.
    ///
    /// ## Why it matters
    /// The policy that selects it looks like protection and is none.
    ///
    /// ## How to fix
    /// Remove `hostNetwork`, or guard the port on the node.
    ///
    /// ## References
    /// - Kubernetes, Network Policies: NetworkPolicy and hostNetwork pods
    RULE = {
        id: "host-network-bypasses-policy",
        owasp: K05,
        severity: Medium,
        title: "network policies do not hold for the pod",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        let Attr::Known(true, at) = workload.host_network() else { continue };
        let mut policies = workload.network_policies();
        let policy = policies.find(|(_, certainty)| *certainty == Certainty::Certain);
        if let Some((policy, _)) = policy {
            let finding = out.report(&RULE, workload, at, "on the host's network");
            finding.message(format!(
                "{} selects {}, on which it has no effect",
                policy.address(),
                workload.address()
            ));
            if let Some(origin) = policy.origin() {
                finding.proof(policy.node(), origin, "this policy selects it");
            }
        }
    }
}
