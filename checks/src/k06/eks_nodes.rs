//! Nodes of EKS on the internet.

use iac_graph::cloud::aws::{EksNodeGroup, LaunchTemplate};
use iac_graph::cloud::{Cloud, NodeGroup};

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// SSH of the nodes is open to every address.
        ///
        /// ## Why it matters
        /// A key for SSH without security groups makes EKS open port 22 to 0.0.0.0/0.
        ///
        /// ## How to fix
        /// Name the security groups that may connect in `source_security_group_ids`, or remove `remote_access` and use
        /// Session Manager.
        ///
        /// ## References
        /// - Amazon EKS API, RemoteAccessConfig
        id: "eks-node-remote-access-open",
        owasp: K06,
        severity: High,
        title: "SSH of the nodes is open to every address",
        tags: ["terraform", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// Nodes have public addresses.
        ///
        /// ## Why it matters
        /// A security group that is opened by mistake opens kubelets and node ports to the internet.
        ///
        /// ## How to fix
        /// Put nodes into private subnets, behind a NAT gateway.
        ///
        /// ## References
        /// - Amazon EKS Best Practices Guide, Network security
        id: "eks-node-public-ip",
        owasp: K06,
        severity: Medium,
        title: "nodes have public addresses",
        tags: ["terraform"],
    },
    rule_row! {
        /// Nodes stand in a subnet with a route to the internet.
        ///
        /// ## Why it matters
        /// Only security groups keep the internet from kubelets and node ports of whatever has a public address there.
        ///
        /// ## How to fix
        /// Put nodes into subnets whose default route is a NAT gateway.
        ///
        /// ## References
        /// - Amazon EKS Best Practices Guide, VPC and subnet considerations
        id: "eks-nodes-in-public-subnet",
        owasp: K06,
        severity: Medium,
        title: "nodes stand in a subnet with a route to the internet",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let graph = scan.graph;
    for group in graph.eks_node_groups() {
        remote_access(out, group);
    }
    for group in graph.node_groups().filter(|group| group.cloud() == Cloud::Aws && !group.is_node_class()) {
        addresses(out, group);
    }
}

fn remote_access(out: &mut Findings<'_>, group: EksNodeGroup<'_>) {
    let rule = &RULES[0];
    let (key, sources) = (group.ssh_key(), group.ssh_sources());
    // A key that is not known is a key.
    if key.is_absent() {
        return;
    }
    match sources.attr() {
        Attr::Unknown(symbol, at) => {
            out.possible(rule, group.node(), at, symbol);
        }
        Attr::Absent(_) | Attr::Known(..) if sources.is_empty() => {
            out.report(rule, group.node(), key.origin(), "a key, and no source_security_group_ids");
        }
        Attr::Absent(_) | Attr::Known(..) => {}
    }
}

fn addresses(out: &mut Findings<'_>, group: NodeGroup<'_>) {
    let [_, address, public] = &RULES;
    let graph = group.graph();
    let templates = group.launch_templates();
    // What a template says goes before what the subnet says.
    match templates.iter().find_map(|node| LaunchTemplate::of(graph, *node)) {
        Some(template) if template.public_address().is(false) => return,
        Some(template) if template.public_address().is(true) => {
            let at = template.public_address().origin();
            out.report(address, group.node(), at, "public addresses").proof(
                group.node(),
                group.header(),
                "the group with this template",
            );
            return;
        }
        Some(_) | None => {}
    }
    let place = group.subnets_place();
    for subnet in group.subnets() {
        if let Attr::Known(true, at) = subnet.gives_public_addresses() {
            out.report(address, group.node(), place, "every machine gets a public address in this subnet")
                .proof(subnet.node(), at, "the subnet");
            return;
        }
    }
    for subnet in group.subnets() {
        if let Some((route, exists)) = subnet.internet_route() {
            out.report(public, group.node(), place, "this subnet has a route to the internet")
                .as_sure_as(exists)
                .proof(subnet.node(), subnet.terraform().header(), "the subnet")
                .proof(route.node(), route.header(), "the route");
            return;
        }
    }
}
