//! Nodes of EKS on the internet.

use iac_graph::cloud::Cloud;
use iac_graph::cloud::aws::LaunchTemplate;

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
    let [ssh, address, public] = &RULES;
    let graph = scan.graph;
    for group in graph.eks_node_groups() {
        let key = group.ssh_key();
        let sources = group.ssh_sources();
        if !key.is_absent() && !key.is_unknown() && (sources.attr().is_absent() || sources.is_empty()) {
            out.report(ssh, group.node(), key.origin(), "a key, and no source_security_group_ids");
        }
    }
    for group in graph.node_groups().filter(|group| group.cloud() == Cloud::Aws && !group.is_node_class()) {
        let templates = group.launch_templates();
        let template = templates.iter().find_map(|node| LaunchTemplate::of(graph, *node));
        if let Some(template) = template
            && let Attr::Known(true, at) = template.public_address()
        {
            out.report(address, group.node(), at, "public addresses").proof(
                template.node(),
                at,
                "the template",
            );
            continue;
        }
        for subnet in group.subnets() {
            if let Attr::Known(true, at) = subnet.gives_public_addresses() {
                out.report(address, group.node(), at, "every instance gets a public address").proof(
                    subnet.node(),
                    at,
                    "the subnet",
                );
                break;
            }
            if let Some((route, exists)) = subnet.internet_route() {
                out.report(public, group.node(), route.header(), "leads to the internet")
                    .as_sure_as(exists)
                    .proof(subnet.node(), subnet.terraform().header(), "the subnet")
                    .proof(route.node(), route.header(), "the route");
                break;
            }
        }
    }
}
