use crate::prelude::*;

rule! {
    /// The policy has rules for a direction that `policyTypes` leaves out, so they are ignored.
    ///
    /// ## Why it matters
    /// The pods stay open in that direction although the rules say otherwise.
    ///
    /// ## How to fix
    /// Add the direction to `policyTypes`.
    ///
    /// ## References
    /// - Kubernetes, NetworkPolicySpec: policyTypes
    RULE = {
        id: "network-policy-type-omitted",
        owasp: K05,
        severity: Medium,
        title: "rules of the policy are ignored",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for policy in scan.graph.network_policies() {
        let types = policy.policy_types();
        for direction in [Direction::Ingress, Direction::Egress] {
            if !types.is_empty()
                && types.contains(direction.name()).is_no()
                && policy.rules(direction).next().is_some()
            {
                let at = types.origin();
                let name = direction.name();
                out.report(&RULE, policy, at, format!("{name} is missing"))
                    .message(format!("{} has {name} rules, but not {name} in policyTypes", policy.address()))
                    .related(policy.rules_attr(direction).origin(), "these rules are ignored");
            }
        }
    }
}
