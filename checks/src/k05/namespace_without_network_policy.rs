use super::isolation::{has_other_policies, policies, selects};
use crate::prelude::*;

rule! {
    /// In a namespace without network policies every pod can be reached by every pod of the cluster, and reaches
    /// everything itself.
    ///
    /// ## Why it matters
    /// One compromised pod anywhere is next to the database here; the way out to the internet and to the cloud's
    /// metadata service is open too.
    ///
    /// ## How to fix
    /// Add a NetworkPolicy with an empty `podSelector` and both policy types, then allow what is needed.
    ///
    /// ## References
    /// - CIS Kubernetes Benchmark 1.12, 5.3.2
    /// - Kubernetes, Network Policies: Default policies
    RULE = {
        id: "namespace-without-network-policy",
        owasp: K05,
        severity: Medium,
        title: "no network policy holds in the namespace",
        tags: ["cis-5.3.2"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for namespace in scan.graph.namespaces().filter(|namespace| !namespace.is_system()) {
        // Only who declares the namespace, or says that nothing else exists, can be asked for its policies: a chart
        // that is merely installed into it cannot know.
        if !scan.graph.is_closed(namespace.name()) || has_other_policies(scan.graph, namespace.name()) {
            continue;
        }
        let policies = policies(scan.graph, namespace.name());
        let workloads: Vec<Workload<'_>> = namespace.workloads().collect();
        let covered = if workloads.is_empty() {
            !policies.is_empty()
        } else {
            policies.iter().any(|policy| workloads.iter().any(|workload| selects(*policy, *workload).may()))
        };
        let Some(at) = namespace.place().filter(|_| !covered) else { continue };
        let finding = out.report(&RULE, namespace, at, "nothing is isolated here");
        finding.message(match workloads.len() {
            0 => format!("namespace {} has no network policy", namespace.name()),
            count => {
                format!("no network policy selects any of the {count} workloads of {}", namespace.name())
            }
        });
        for workload in workloads {
            finding.affects(workload.node());
        }
    }
}
