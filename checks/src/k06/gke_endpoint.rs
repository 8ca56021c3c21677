//! The API server and nodes of GKE on the internet.

use iac_graph::cloud::NodeGroup;
use iac_graph::cloud::aws::is_open;
use iac_graph::cloud::google::GkeCluster;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 6] = [
    rule_row! {
        /// The API server of the cluster answers the whole internet.
        ///
        /// ## Why it matters
        /// A leaked token or a hole in the API server is enough to get in, from anywhere.
        ///
        /// ## How to fix
        /// Set `private_cluster_config { enable_private_endpoint = true }`, or list your networks in
        /// `master_authorized_networks_config`.
        ///
        /// ## References
        /// - GKE, About network isolation in GKE
        /// - CIS Google Kubernetes Engine Benchmark, 5.6.3
        id: "gke-master-authorized-networks-missing",
        owasp: K06,
        severity: High,
        title: "the API server answers the whole internet",
        tags: ["terraform", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// The networks that may reach the API server hold every address.
        ///
        /// ## Why it matters
        /// The list looks like a limit and is none.
        ///
        /// ## How to fix
        /// List the ranges of your own networks, and leave `gcp_public_cidrs_access_enabled` off.
        ///
        /// ## References
        /// - GKE, Customize network isolation
        id: "gke-master-authorized-networks-open",
        owasp: K06,
        severity: High,
        title: "the authorized networks hold every address",
        tags: ["terraform", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// The API server of the cluster has a public address, open to some networks.
        ///
        /// ## Why it matters
        /// Only the list of authorized networks stands between it and the internet.
        ///
        /// ## How to fix
        /// Set `private_cluster_config { enable_private_endpoint = true }`.
        ///
        /// ## References
        /// - GKE, About network isolation in GKE
        id: "gke-endpoint-public",
        owasp: K06,
        severity: Info,
        persona: Pedantic,
        title: "the API server has a public address",
        tags: ["terraform"],
    },
    rule_row! {
        /// The DNS name of the API server can be used from the internet.
        ///
        /// ## Why it matters
        /// IAM still decides who gets in, but no network does.
        ///
        /// ## How to fix
        /// Set `allow_external_traffic = false`, or limit it with VPC Service Controls.
        ///
        /// ## References
        /// - GKE, About network isolation in GKE: DNS-based endpoint
        id: "gke-dns-endpoint-external",
        owasp: K06,
        severity: Low,
        title: "the DNS endpoint of the API server answers the internet",
        tags: ["terraform"],
    },
    rule_row! {
        /// Nodes have public addresses.
        ///
        /// ## Why it matters
        /// A firewall rule that is opened by mistake opens kubelets and node ports to the internet.
        ///
        /// ## How to fix
        /// Set `private_cluster_config { enable_private_nodes = true }`.
        ///
        /// ## References
        /// - GKE, About network isolation in GKE
        /// - CIS Google Kubernetes Engine Benchmark, 5.6.5
        id: "gke-private-nodes-disabled",
        owasp: K06,
        severity: Medium,
        title: "nodes have public addresses",
        tags: ["terraform"],
    },
    rule_row! {
        /// The Kubernetes Dashboard is installed in the cluster.
        ///
        /// ## Why it matters
        /// The add-on is old, gets no fixes, and runs with wide permissions.
        ///
        /// ## How to fix
        /// Set `kubernetes_dashboard { disabled = true }`; the console of Google Cloud shows the same.
        ///
        /// ## References
        /// - GKE, Harden your cluster: Disable the Kubernetes web UI
        id: "gke-dashboard-enabled",
        owasp: K06,
        severity: High,
        title: "the Kubernetes Dashboard is installed",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [.., name, _, dashboard] = &RULES;
    for cluster in scan.graph.gke_clusters() {
        let node = cluster.node();
        endpoint(out, cluster);
        nodes(out, cluster);
        out.setting(name, node, cluster.dns_endpoint_external(), |on| on, None, "from outside");
        out.setting(
            dashboard,
            node,
            cluster.dashboard_disabled(),
            |disabled| !disabled,
            None,
            "not disabled",
        );
    }
}

fn endpoint(out: &mut Findings<'_>, cluster: GkeCluster<'_>) {
    let [missing, open, public, ..] = &RULES;
    let (node, is_public, limited) =
        (cluster.node(), cluster.endpoint_is_public(), cluster.limits_networks());
    let networks = cluster.authorized_networks().origin();
    let unlimited = is_public.and(!limited);
    if unlimited.may() {
        out.report(missing, node, networks, "no master_authorized_networks_config limits it")
            .as_sure_as(unlimited);
    }
    if is_public.is_no() || limited.is_no() {
        return;
    }
    let ranges: Vec<Attr<&str>> = cluster.authorized_ranges().collect();
    let everybody = ranges.iter().find(|range| matches!(range, Attr::Known(range, _) if is_open(range)));
    if let Some(range) = everybody {
        out.report(open, node, range.origin(), "every address").as_sure_as(is_public);
        return;
    }
    for range in ranges {
        if let Attr::Unknown(symbol, at) = range {
            out.possible(open, node, at, symbol);
        }
    }
    if let Attr::Known(true, at) = cluster.admits_google_addresses() {
        out.report(open, node, at, "every machine at Google Cloud, whoever rents it")
            .as_sure_as(is_public)
            .weigh(-20);
        return;
    }
    out.report(public, node, cluster.private_endpoint().origin(), "public")
        .as_sure_as(is_public)
        .related(networks, "for these networks");
}

/// Pools decide for themselves; those that do not say are as the cluster says.
fn nodes(out: &mut Findings<'_>, cluster: GkeCluster<'_>) {
    let rule = &RULES[4];
    let pools: Vec<NodeGroup<'_>> = cluster.node_pools().collect();
    for pool in &pools {
        if let Attr::Known(false, at) = pool.gke_private_nodes() {
            out.report(rule, pool.node(), at, "public addresses").as_sure_as(pool.exists());
        }
    }
    if pools.is_empty() || pools.iter().any(|pool| pool.gke_private_nodes().is_absent()) {
        let unset = Some("nothing is written, and the default is false");
        out.setting(
            rule,
            cluster.node(),
            cluster.private_nodes(),
            |private| !private,
            unset,
            "public addresses",
        );
    }
}
