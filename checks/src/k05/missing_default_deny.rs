//! Namespaces whose policies leave new pods open.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// Policies name single workloads, and whatever none of them names can be reached by everything.
        ///
        /// ## Why it matters
        /// The next workload that somebody adds is open until somebody remembers its policy.
        ///
        /// ## How to fix
        /// Add a NetworkPolicy with an empty `podSelector`, `policyTypes: [Ingress]` and no rules.
        ///
        /// ## References
        /// - Kubernetes, Network Policies: Default deny all ingress traffic
        id: "missing-default-deny-ingress",
        owasp: K05,
        severity: Low,
        title: "no default-deny policy for incoming traffic",
        tags: ["cis-5.3.2"],
    },
    rule_row! {
        /// Policies name single workloads, and whatever none of them names can reach everything.
        ///
        /// ## Why it matters
        /// A compromised pod can send data out and fetch the node's credentials from the metadata service.
        ///
        /// ## How to fix
        /// Add a NetworkPolicy with an empty `podSelector`, `policyTypes: [Egress]` and a rule for DNS.
        ///
        /// ## References
        /// - Kubernetes, Network Policies: Default deny all egress traffic
        id: "missing-default-deny-egress",
        owasp: K05,
        severity: Low,
        persona: Pedantic,
        title: "no default-deny policy for outgoing traffic",
        tags: ["cis-5.3.2"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for namespace in scan.graph.namespaces().filter(|namespace| !namespace.is_system()) {
        let policies = scan.graph.network_policies();
        let policies: Vec<NetworkPolicy<'_>> =
            policies.filter(|policy| policy.namespace_or_default() == namespace.name()).collect();
        if policies.is_empty() {
            continue;
        }
        for (rule, direction) in RULES.iter().zip([Direction::Ingress, Direction::Egress]) {
            let denies = policies.iter().any(|policy| {
                let everything = policy.pod_selector();
                (everything.is_empty() || everything.attr().is_unknown()) && policy.isolates(direction).may()
            });
            let open: Vec<Workload<'_>> = namespace
                .workloads()
                .filter(|workload| Tri::from(workload.host_network()).is_no())
                .filter(|workload| workload.is_isolated(direction).is_no())
                .collect();
            let Some(at) = namespace.place().filter(|_| !denies && !open.is_empty()) else { continue };
            let finding = out.report(rule, namespace, at, "some pods are isolated here, others are not");
            for workload in open {
                finding.affects(workload.node());
            }
        }
    }
}
