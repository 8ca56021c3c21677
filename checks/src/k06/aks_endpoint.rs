//! The API server and nodes of AKS on the internet.

use iac_graph::cloud::Cloud;
use iac_graph::cloud::aws::is_open;
use iac_graph::cloud::azure::AksCluster;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 7] = [
    rule_row! {
        /// The API server of the cluster answers the whole internet.
        ///
        /// ## Why it matters
        /// A leaked token or a hole in the API server is enough to get in, from anywhere.
        ///
        /// ## How to fix
        /// Set `private_cluster_enabled = true`, or list your networks in
        /// `api_server_access_profile { authorized_ip_ranges }`.
        ///
        /// ## References
        /// - AKS, Secure access to the API server using authorized IP address ranges
        id: "aks-authorized-ips-missing",
        owasp: K06,
        severity: High,
        title: "the API server answers the whole internet",
        tags: ["terraform", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// The ranges that may reach the API server hold every address.
        ///
        /// ## Why it matters
        /// The list looks like a limit and is none.
        ///
        /// ## How to fix
        /// List the ranges of your own networks.
        ///
        /// ## References
        /// - AKS, Secure access to the API server using authorized IP address ranges
        id: "aks-authorized-ips-open",
        owasp: K06,
        severity: High,
        title: "the authorized ranges hold every address",
        tags: ["terraform", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// The API server of the cluster has a public address, open to some ranges.
        ///
        /// ## Why it matters
        /// Only the list of ranges stands between it and the internet.
        ///
        /// ## How to fix
        /// Set `private_cluster_enabled = true`.
        ///
        /// ## References
        /// - AKS, Create a private AKS cluster
        id: "aks-endpoint-public",
        owasp: K06,
        severity: Info,
        persona: Pedantic,
        title: "the API server has a public address",
        tags: ["terraform"],
    },
    rule_row! {
        /// Commands can be run in the cluster through Azure, past its private network.
        ///
        /// ## Why it matters
        /// Whoever may call `runcommand` on the cluster runs pods in it without reaching its API server.
        ///
        /// ## How to fix
        /// Set `run_command_enabled = false`.
        ///
        /// ## References
        /// - AKS, Access a private cluster using the command invoke
        id: "aks-run-command-enabled",
        owasp: K06,
        severity: Low,
        persona: Pedantic,
        title: "commands can be run in the cluster through Azure",
        tags: ["terraform"],
    },
    rule_row! {
        /// Nodes have public addresses.
        ///
        /// ## Why it matters
        /// A security rule that is opened by mistake opens kubelets and node ports to the internet.
        ///
        /// ## How to fix
        /// Remove `node_public_ip_enabled`.
        ///
        /// ## References
        /// - AKS, Use instance-level public IPs
        id: "aks-node-public-ip",
        owasp: K06,
        severity: Medium,
        title: "nodes have public addresses",
        tags: ["terraform"],
    },
    rule_row! {
        /// The add-on for HTTP routing publishes Ingresses under a public name.
        ///
        /// ## Why it matters
        /// It is retired, has no TLS, and is not meant for production.
        ///
        /// ## How to fix
        /// Use the add-on for application routing, or an ingress controller of your own.
        ///
        /// ## References
        /// - AKS, HTTP application routing add-on (retired)
        id: "aks-http-application-routing",
        owasp: K06,
        severity: Medium,
        title: "the retired add-on for HTTP routing is on",
        tags: ["terraform"],
    },
    rule_row! {
        /// The Kubernetes Dashboard is installed in the cluster.
        ///
        /// ## Why it matters
        /// The add-on is retired, gets no fixes, and acts with the rights of its own ServiceAccount.
        ///
        /// ## How to fix
        /// Remove `kube_dashboard`; the portal shows the same.
        ///
        /// ## References
        /// - AKS, Kubernetes Dashboard add-on (retired)
        id: "aks-kube-dashboard",
        owasp: K06,
        severity: High,
        title: "the Kubernetes Dashboard is installed",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [_, _, _, command, address, routing, dashboard] = &RULES;
    for cluster in scan.graph.aks_clusters() {
        let node = cluster.node();
        endpoint(out, cluster);
        let unset = Some("nothing is written, and the default is true");
        out.setting(command, node, cluster.run_command(), |on| on, unset, "on");
        out.setting(routing, node, cluster.http_routing(), |on| on, None, "on");
        out.setting(dashboard, node, cluster.dashboard(), |on| on, None, "on");
    }
    for pool in scan.graph.node_groups().filter(|pool| pool.cloud() == Cloud::Azure && !pool.is_node_class())
    {
        out.setting(address, pool.node(), pool.aks_public_address(), |on| on, None, "public addresses");
    }
}

fn endpoint(out: &mut Findings<'_>, cluster: AksCluster<'_>) {
    let [missing, open, public, ..] = &RULES;
    let (node, private) = (cluster.node(), cluster.private_cluster());
    // Absent: the default is false.
    let is_public = match private {
        Attr::Known(private, _) => Tri::from(!private),
        Attr::Absent(_) => Tri::Yes,
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
    };
    let (limited, at) = cluster.limits_ranges();
    let unlimited = is_public.and(!limited);
    if unlimited.may() {
        out.report(missing, node, at, "no authorized_ip_ranges limit it").as_sure_as(unlimited);
    }
    if is_public.is_no() || limited.is_no() {
        return;
    }
    match cluster.authorized_ranges().find(is_open) {
        Some(at) => out.report(open, node, at, "every address").as_sure_as(is_public),
        None => out
            .report(public, node, private.origin(), "public")
            .as_sure_as(is_public)
            .related(at, "for these ranges"),
    };
}
