use crate::prelude::*;

rule! {
    /// A network policy that limits outgoing traffic lets pods reach the metadata service of the cloud.
    ///
    /// ## Why it matters
    /// The service hands out the credentials of the node. Where nodes keep pods away it does no harm; the policy does not
    /// count on it.
    ///
    /// ## How to fix
    /// Add `except: [169.254.169.254/32]` to the block, or allow only the ports that are needed: the service listens on
    /// port 80.
    ///
    /// ## References
    /// - Amazon EKS Best Practices Guide, Restrict access to the instance profile assigned to the worker node
    RULE = {
        id: "metadata-endpoint-reachable",
        owasp: K05,
        also: [K08],
        severity: Medium,
        title: "the policy lets pods reach the metadata service of the cloud",
        tags: ["external/cwe/cwe-918"],
        aliases: ["imds-not-blocked-by-network-policy"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    // With the nodes in the input it is known whether pods get anything there.
    if scan.graph.node_groups().next().is_some() {
        return;
    }
    for policy in scan.graph.network_policies() {
        if !policy.isolates(Direction::Egress).is_yes() {
            continue;
        }
        let Some(at) = policy.lets_reach_metadata() else { continue };
        let pods: Vec<_> = scan
            .graph
            .workloads()
            .filter(|workload| {
                workload.namespace_or_default() == policy.namespace_or_default()
                    && !Tri::from(workload.host_network()).is_yes()
                    && policy.can_meet(*workload)
                    && policy.pod_selector().matches(workload.pod_labels()).is_yes()
            })
            .collect();
        if pods.is_empty() {
            continue;
        }
        let finding = out.report(&RULE, policy, at, "holds 169.254.169.254");
        finding
            .message(format!("{} lets its pods reach the metadata service of the cloud", policy.address()));
        for workload in pods {
            finding.affects(workload.node());
        }
    }
}
