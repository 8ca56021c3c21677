use crate::prelude::*;

rule! {
    /// Addresses that one policy excepts are allowed by another for the same pods.
    ///
    /// ## Why it matters
    /// Policies add up: `except` takes nothing away that another rule gives. Mostly the exception is the metadata service
    /// or the inner network.
    ///
    /// ## How to fix
    /// Except the range in the other rule too, or merge the policies.
    ///
    /// ## References
    /// - Kubernetes, NetworkPolicy API: IPBlock
    RULE = {
        id: "network-policy-except-defeated",
        owasp: K05,
        severity: Medium,
        title: "another policy allows what this one excepts",
        tags: ["external/cwe/cwe-923"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for policy in scan.graph.network_policies() {
        for direction in [Direction::Ingress, Direction::Egress] {
            if !policy.isolates(direction).is_yes() {
                continue;
            }
            for rule in policy.rules(direction) {
                let excepts = rule.peers().flat_map(|peer| peer.except().known().collect::<Vec<_>>());
                for (cidr, at) in excepts {
                    let Some(range) = AddressRange::parse(cidr) else { continue };
                    if let Some((other, allowed)) = defeated_by(scan.graph, policy, rule, range) {
                        let finding = out.report(&RULE, policy, at, format!("{cidr} is allowed elsewhere"));
                        finding.proof(other.node(), allowed, "allowed here");
                    }
                }
            }
        }
    }
}

/// The policy and rule that allow a range for pods of another policy, on a port that its rule is for.
fn defeated_by<'g>(
    graph: &'g Graph<'g>,
    policy: NetworkPolicy<'g>,
    rule: NetworkRule<'g>,
    range: AddressRange,
) -> Option<(NetworkPolicy<'g>, OriginId)> {
    let peer = Peer::Addresses(range);
    let selects = |workload: &Workload<'g>, wanted: NetworkPolicy<'g>| {
        workload
            .network_policies()
            .any(|(known, certainty)| known.node() == wanted.node() && certainty == Certainty::Certain)
    };
    let pods: Vec<Workload<'g>> = graph.workloads().filter(|workload| selects(workload, policy)).collect();
    let others = graph.network_policies().filter(|other| {
        other.isolates(rule.direction()).is_yes()
            && other.can_meet(policy)
            && pods.iter().any(|workload| selects(workload, *other))
    });
    others.into_iter().find_map(|other| {
        let allowing = other.rules(rule.direction()).find(|one| {
            // Ports of an ingress rule are those of the pods.
            let target = match rule.direction() {
                Direction::Egress => Some(peer),
                Direction::Ingress => pods.first().map(|workload| Peer::Pods(*workload)),
            };
            let same =
                |target| one.ports_open_at(target).and(&rule.ports_open_at(target)).is_any_open().is_yes();
            one.allows_peer(other, peer).is_yes() && target.is_some_and(same)
        })?;
        Some((other, allowing.origin()))
    })
}
