use iac_graph::cloud::azure::NetworkSecurityRule;

use super::ports::PORTS;
use crate::cloud::list;
use crate::prelude::*;

rule! {
    /// A network security group opens ports of nodes or of a control plane to every address.
    ///
    /// ## Why it matters
    /// SSH, kubelets, etcd and the API server are what an attacker looks for first.
    ///
    /// ## How to fix
    /// Name the ranges that need the ports, or use Azure Bastion for SSH.
    ///
    /// ## References
    /// - Azure Virtual Network, Network security groups
    /// - Kubernetes, Ports and Protocols
    RULE = {
        id: "azure-nsg-open-kube-ports",
        owasp: K06,
        severity: High,
        title: "ports of nodes are open to every address",
        tags: ["terraform", "external/cwe/cwe-668"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for group in scan.graph.azure_security_groups() {
        // What each rule opens: a rule with a smaller number may close some of it.
        let mut opened: Vec<(NetworkSecurityRule<'_>, Vec<&str>)> = Vec::new();
        for ports in PORTS {
            let Some((rule, Tri::Yes)) = group.opens(ports.first, ports.last) else { continue };
            let at = rule.source().origin();
            match opened.iter_mut().find(|(known, _)| known.source().origin() == at) {
                Some((_, names)) => names.push(ports.name),
                None => opened.push((rule, vec![ports.name])),
            }
        }
        for (rule, names) in opened {
            tell(out, rule, &names);
        }
    }
    for rule in scan.graph.azure_rules_without_group() {
        let open = PORTS.iter().filter(|ports| rule.opens(ports.first, ports.last).is_yes());
        let names: Vec<&str> = open.map(|ports| ports.name).collect();
        if !names.is_empty() {
            tell(out, rule, &names).assume("no rule of its group with a smaller number closes them");
        }
    }
}

fn tell<'f>(
    out: &'f mut Findings<'_>,
    rule: NetworkSecurityRule<'_>,
    names: &[&str],
) -> &'f mut crate::Finding {
    let resource = rule.terraform();
    out.report(&RULE, resource.node(), rule.source().origin(), "everybody").message(format!(
        "{} opens {} to every address",
        resource.address(),
        list(names)
    ))
}
