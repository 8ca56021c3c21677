use crate::prelude::*;

rule! {
    /// A sandbox for code of others can reach everything.
    ///
    /// ## Why it matters
    /// What runs in it is not trusted: it can send data out, scan the cluster and ask the metadata service for the
    /// credentials of its node.
    ///
    /// ## How to fix
    /// Select its pods in a NetworkPolicy for Egress, or set `networkPolicy` in the SandboxTemplate.
    ///
    /// ## References
    /// - Agent Sandbox, SandboxTemplate
    RULE = {
        id: "sandbox-egress-open",
        owasp: K05,
        severity: Medium,
        title: "the sandbox can reach everything",
        tags: ["external/cwe/cwe-923"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let own_group = |group: &str| group.ends_with("agents.x-k8s.io");
    // A SandboxTemplate may bring a policy of its own.
    for template in scan.graph.raw("SandboxTemplate").filter(|template| own_group(template.api_group())) {
        let rules = template.body().at(&["spec", "networkPolicy", "egress"]).and_then(Value::as_list);
        if let Some(at) = rules.unwrap_or_default().iter().find_map(lets_everything) {
            out.report(&RULE, template, at, "its own policy allows everything");
        }
    }
    let is_sandbox = |workload: &Workload<'_>| {
        own_group(workload.api_group()) && matches!(workload.kind(), "Sandbox" | "SandboxTemplate")
    };
    for workload in scan.graph.workloads().filter(is_sandbox) {
        if !workload.body().attr_at(&["spec", "networkPolicy"]).is_absent() {
            continue;
        }
        if workload.is_isolated(Direction::Egress).is_no() {
            out.report(&RULE, workload, workload.pod_origin(), "no policy limits these pods");
        } else if reaches_everything(workload) {
            out.report(&RULE, workload, workload.pod_origin(), "its policies allow everything");
        }
    }
}

/// Where a rule of a template's policy allows every destination: no peers, an empty one, all addresses or all namespaces.
/// Name resolution alone is not much.
fn lets_everything(rule: &Value) -> Option<OriginId> {
    let ports = rule.get("ports").and_then(Value::as_list).unwrap_or_default();
    if !ports.is_empty() && ports.iter().all(|port| port.attr_i64("port").is(53)) {
        return None;
    }
    let peers = match rule.attr("to") {
        Attr::Absent(_) => return Some(rule.origin),
        Attr::Known(peers, _) => peers.as_list()?,
        Attr::Unknown(..) => return None,
    };
    if peers.is_empty() {
        return Some(rule.origin);
    }
    peers.iter().find_map(|peer| {
        let empty = peer.as_map().is_some_and(iac_model::Map::is_empty);
        let namespaces = peer.attr("namespaceSelector");
        let all = Selector::full(namespaces).is_empty() && peer.get("podSelector").is_none();
        match peer.attr_at(&["ipBlock", "cidr"]).and(Value::as_str) {
            Attr::Known("0.0.0.0/0" | "::/0", at) => Some(at),
            _ if empty || all => Some(peer.origin),
            Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
        }
    })
}

/// Tells whether policies let pods reach the web of the whole internet, or of every pod of the cluster.
fn reaches_everything(workload: Workload<'_>) -> bool {
    // Public resolvers stand for all public addresses: a policy with either of them is hardly made for it.
    let world = ["1.1.1.1", "2606:4700:4700::1111"].into_iter().filter_map(AddressRange::parse);
    let mut peers = world.map(Peer::Addresses).chain([Peer::AnyPod]);
    peers.any(|peer| workload.traffic(Direction::Egress, peer).is_open(Protocol::Tcp, 443).is_yes())
}
