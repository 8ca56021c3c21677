//! Policies of network plugins, and those of administrators.

use iac_graph::kubernetes::Strings;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// A policy of Cilium allows the whole world.
        ///
        /// ## Why it matters
        /// The entities `world` and `all` stand for every address outside of the cluster.
        ///
        /// ## How to fix
        /// Name the peers: `fromEndpoints`, `fromCIDR`, or `fromEntities: [ingress]` for what comes through an ingress.
        ///
        /// ## References
        /// - Cilium, Layer 3 Policies: Entities based
        id: "cilium-entity-world",
        owasp: K05,
        severity: Medium,
        title: "the Cilium policy allows the whole world",
        tags: ["external/cwe/cwe-923"],
    },
    rule_row! {
        /// A policy that comes before those of the namespaces allows everything.
        ///
        /// ## Why it matters
        /// What an AdminNetworkPolicy or a policy of Calico allows first is never asked of a NetworkPolicy again.
        ///
        /// ## How to fix
        /// Name sources and destinations, or use the action `Pass`.
        ///
        /// ## References
        /// - Calico, Global network policy
        /// - Network Policy API, AdminNetworkPolicy
        id: "global-policy-allow-all",
        owasp: K05,
        severity: Medium,
        title: "a policy for all namespaces allows everything",
        tags: ["external/cwe/cwe-923"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    cilium(scan, out);
    calico(scan, out);
    administrators(scan, out);
}

fn list<'g>(value: &'g Value, key: &str) -> &'g [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}

fn cilium(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let rule = &RULES[0];
    let kinds = ["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"];
    for policy in kinds.into_iter().flat_map(|kind| scan.graph.raw(kind)) {
        let specs = policy.body().get("spec").into_iter().chain(list(policy.body(), "specs"));
        for spec in specs {
            for (direction, peers, worlds) in
                [("ingress", "fromEntities", &["all", "world"][..]), ("egress", "toEntities", &["all"][..])]
            {
                for entry in list(spec, direction) {
                    for (name, at) in Strings::new(entry.attr(peers)).known() {
                        let everybody = Selector::full(spec.attr("endpointSelector")).is_empty();
                        if worlds.contains(&name) {
                            out.report(rule, policy, at, format!("{name} is every address"));
                        } else if name == "cluster" && direction == "ingress" && everybody {
                            out.report(rule, policy, at, "every pod reaches every pod").weigh(-20);
                        }
                    }
                }
            }
        }
    }
}

/// Fields of a rule of Calico that narrow it.
const NARROWING: [&str; 8] =
    ["destination", "http", "icmp", "ipVersion", "notICMP", "notProtocol", "protocol", "source"];

fn calico(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let policies = scan.graph.raw("GlobalNetworkPolicy").chain(scan.graph.raw("NetworkPolicy"));
    for policy in policies.filter(|policy| policy.api_group().ends_with("projectcalico.org")) {
        let spec = policy.body().get("spec").unwrap_or(policy.body());
        let selects_all = match spec.attr_str("selector") {
            Attr::Absent(_) => true,
            Attr::Known(selector, _) => matches!(selector.trim(), "" | "all()"),
            Attr::Unknown(..) => false,
        };
        for direction in ["ingress", "egress"] {
            for rule in list(spec, direction) {
                let narrow = NARROWING.iter().any(|key| match rule.attr(key) {
                    Attr::Absent(_) => false,
                    Attr::Known(value, _) => !value.as_map().is_some_and(iac_model::Map::is_empty),
                    Attr::Unknown(..) => true,
                });
                if let Attr::Known("Allow", at) = rule.attr_str("action")
                    && selects_all
                    && !narrow
                {
                    let finding = out.report(&RULES[1], policy, at, format!("all {direction} of all pods"));
                    // Everything out is a common start; everything in undoes the rest.
                    finding.weigh(if direction == "egress" { -15 } else { 0 });
                }
            }
        }
    }
}

fn administrators(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let policies = scan.graph.raw("AdminNetworkPolicy").chain(scan.graph.raw("ClusterNetworkPolicy"));
    for policy in policies.filter(|policy| policy.api_group() == "policy.networking.k8s.io") {
        let Some(spec) = policy.body().get("spec") else { continue };
        // What comes after the namespaces' own policies only fills gaps.
        if spec.attr_str("tier").is("Baseline") {
            continue;
        }
        for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
            for rule in list(spec, direction) {
                let allows = rule.attr_str("action").is("Allow") || rule.attr_str("action").is("Accept");
                let all_ports = matches!(rule.attr("ports"), Attr::Absent(_))
                    && matches!(rule.attr("protocols"), Attr::Absent(_));
                if !allows || !all_ports {
                    continue;
                }
                if let Some(at) = list(rule, peers).iter().find_map(everybody) {
                    out.report(&RULES[1], policy, at, format!("all {direction}"));
                }
            }
        }
    }
}

/// Where a peer stands for all pods of the cluster, or for all addresses.
fn everybody(peer: &Value) -> Option<OriginId> {
    let namespaces = peer.attr("namespaces");
    if matches!(namespaces, Attr::Known(..)) && Selector::full(namespaces).is_empty() {
        return Some(namespaces.origin());
    }
    let pods = peer.get("pods").filter(|pods| {
        Selector::full(pods.attr("namespaceSelector")).is_empty()
            && Selector::full(pods.attr("podSelector")).is_empty()
    });
    let world = Strings::new(peer.attr("networks")).find(|cidr| matches!(cidr, "0.0.0.0/0" | "::/0"));
    pods.map(|pods| pods.origin).or(world)
}
