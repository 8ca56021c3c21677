//! How AKS is kept up to date.

use iac_graph::cloud::Cloud;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// The nodes' operating system gets no security fixes by itself.
        ///
        /// ## Why it matters
        /// Holes of the kernel, through which pods break out, stay open until somebody thinks of it.
        ///
        /// ## How to fix
        /// Set `node_os_upgrade_channel` to `NodeImage` or `SecurityPatch`.
        ///
        /// ## References
        /// - AKS, Automatically upgrade node operating system images
        id: "aks-node-os-upgrade-none",
        owasp: K07,
        severity: Low,
        title: "the nodes' operating system gets no fixes by itself",
        tags: ["terraform"],
    },
    rule_row! {
        /// The cluster is not upgraded by itself.
        ///
        /// ## Why it matters
        /// Versions are chosen by hand, and get old.
        ///
        /// ## How to fix
        /// Set `automatic_upgrade_channel = "stable"`.
        ///
        /// ## References
        /// - AKS, Automatically upgrade an AKS cluster
        id: "aks-upgrade-channel-none",
        owasp: K07,
        severity: Low,
        persona: Pedantic,
        title: "the cluster is not upgraded by itself",
        tags: ["terraform"],
    },
    rule_row! {
        /// Workloads run on the nodes of the system.
        ///
        /// ## Why it matters
        /// A pod that breaks out, or that takes all memory, sits beside DNS and metrics of the whole cluster.
        ///
        /// ## How to fix
        /// Set `only_critical_addons_enabled = true` on the default pool and add a pool for workloads.
        ///
        /// ## References
        /// - AKS, Use system node pools
        id: "aks-system-pool-open",
        owasp: K07,
        severity: Info,
        persona: Pedantic,
        title: "workloads run on the nodes of the system",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [system, channel, pool_rule] = &RULES;
    for cluster in scan.graph.aks_clusters() {
        let node = cluster.node();
        let off = |channel: &str| matches!(channel, "None" | "Unmanaged");
        out.setting(system, node, cluster.node_os_channel(), off, None, "no fixes by itself");
        let unset = Some("nothing is written, and the default is none");
        out.setting(channel, node, cluster.upgrade_channel(), |channel| channel == "none", unset, "none");
    }
    for pool in scan.graph.node_groups().filter(|pool| pool.cloud() == Cloud::Azure) {
        if pool.enclosing_cluster().is_some() {
            let unset = Some("nothing is written, and the default is false");
            out.setting(pool_rule, pool.node(), pool.aks_only_critical_addons(), |on| !on, unset, "open");
        }
    }
}
