//! Policies that isolate pods and then let everybody in or out again.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 5] = [
    rule_row! {
        /// An ingress rule without `from` and `ports` lets everybody in on every port.
        ///
        /// ## Why it matters
        /// Policies add up, so this one undoes all others that select the same pods.
        ///
        /// ## How to fix
        /// Name the clients in `from` and the ports in `ports`.
        ///
        /// ## References
        /// - Kubernetes, Network Policies: Allow all ingress traffic
        id: "network-policy-allow-all-ingress",
        owasp: K05,
        severity: Medium,
        title: "the policy lets everybody in",
    },
    rule_row! {
        /// An egress rule without `to` and `ports` lets the pods reach everything.
        ///
        /// ## Why it matters
        /// Policies add up, so this one undoes all others that select the same pods.
        ///
        /// ## How to fix
        /// Name the servers in `to` and the ports in `ports`.
        ///
        /// ## References
        /// - Kubernetes, Network Policies: Allow all egress traffic
        id: "network-policy-allow-all-egress",
        owasp: K05,
        severity: Low,
        title: "the policy lets pods reach everything",
    },
    rule_row! {
        /// An empty namespace selector lets every pod of the cluster in.
        ///
        /// ## Why it matters
        /// Whoever may run a pod anywhere is a client of this one.
        ///
        /// ## How to fix
        /// Select the namespaces by `kubernetes.io/metadata.name`, and the pods in them.
        ///
        /// ## References
        /// - Kubernetes, Network Policies: Targeting a Namespace by its name
        id: "network-policy-any-namespace",
        owasp: K05,
        severity: Medium,
        title: "the policy lets pods of all namespaces in",
    },
    rule_row! {
        /// A range of all addresses lets every address outside of the cluster in.
        ///
        /// ## Why it matters
        /// The policy no longer stands between the internet and the pods as soon as something routes to them.
        ///
        /// ## How to fix
        /// Narrow the range to the load balancer's or the clients' addresses.
        ///
        /// ## References
        /// - Kubernetes, Network Policies: ipBlock
        id: "network-policy-world-ingress",
        owasp: K05,
        also: [K06],
        severity: Medium,
        title: "the policy lets every address in",
    },
    rule_row! {
        /// A range of all addresses lets the pods reach the whole internet.
        ///
        /// ## Why it matters
        /// Data can leave to anywhere.
        ///
        /// ## How to fix
        /// Narrow the range to the servers that are needed.
        ///
        /// ## References
        /// - Kubernetes, Network Policies: ipBlock
        id: "network-policy-world-egress",
        owasp: K05,
        severity: Low,
        persona: Pedantic,
        title: "the policy lets pods reach every address",
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [all_in, all_out, any_namespace, world_in, world_out] = &RULES;
    for policy in scan.graph.network_policies() {
        for (direction, all, world) in
            [(Direction::Ingress, all_in, world_in), (Direction::Egress, all_out, world_out)]
        {
            if !policy.isolates(direction).is_yes() {
                continue;
            }
            for rule in policy.rules(direction) {
                if rule.allows_everything() {
                    out.report(all, policy, rule.origin(), "everybody, on every port");
                }
                for peer in rule.peers() {
                    if let Attr::Known(cidr @ ("0.0.0.0/0" | "::/0"), at) = peer.cidr()
                        && peer.except().is_empty()
                    {
                        out.report(world, policy, at, format!("{cidr} is every address"));
                    }
                    if direction == Direction::Ingress
                        && let Attr::Known(_, at) = peer.namespace_selector()
                        && Selector::full(peer.namespace_selector()).is_empty()
                        && peer.pod_selector().is_absent()
                        && !only_metrics(rule)
                    {
                        out.report(any_namespace, policy, at, "selects all namespaces");
                    }
                }
            }
        }
    }
}

/// Scraping metrics from anywhere is common and harmless beside the rest.
fn only_metrics(rule: NetworkRule<'_>) -> bool {
    let mut ports = rule.ports().peekable();
    ports.peek().is_some()
        && ports.all(|port| match port.port() {
            Attr::Known(port, _) => port.scalar_text().is_some_and(|name| name.contains("metrics")),
            Attr::Absent(_) | Attr::Unknown(..) => false,
        })
}
