use super::ports::PORTS;
use crate::cloud::list;
use crate::prelude::*;

rule! {
    /// A firewall rule opens ports of nodes or of a control plane to every address.
    ///
    /// ## Why it matters
    /// SSH, kubelets, etcd and the API server are what an attacker looks for first.
    ///
    /// ## How to fix
    /// Name the ranges that need the ports, or use Identity-Aware Proxy for SSH.
    ///
    /// ## References
    /// - Google Cloud VPC, Firewall rules
    /// - Kubernetes, Ports and Protocols
    RULE = {
        id: "gcp-firewall-open-kube-ports",
        owasp: K06,
        severity: High,
        title: "ports of nodes are open to every address",
        tags: ["terraform", "external/cwe/cwe-668"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for firewall in scan.graph.google_firewalls() {
        if !firewall.is_active().is_yes() {
            continue;
        }
        let Some(at) = firewall.open_range() else { continue };
        let open = PORTS.iter().filter(|ports| firewall.allows_ports(ports.first, ports.last).is_yes());
        let open: Vec<&str> = open.map(|ports| ports.name).collect();
        if !open.is_empty() {
            out.report(&RULE, firewall.node(), at, "everybody").message(format!(
                "{} opens {} to every address",
                firewall.address(),
                list(&open)
            ));
        }
    }
}
