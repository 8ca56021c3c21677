//! Settings of GKE's nodes and of how they are kept up to date.

use iac_graph::cloud::{Cloud, NodeGroup};

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 9] = [
    rule_row! {
        /// Kubelets answer everybody on their read-only port.
        ///
        /// ## Why it matters
        /// Port 10255 tells every pod of the network what runs on the node, with environment variables and all.
        ///
        /// ## How to fix
        /// Set `insecure_kubelet_readonly_port_enabled = "FALSE"`.
        ///
        /// ## References
        /// - GKE, Disable the kubelet read-only port
        id: "gke-kubelet-readonly-port",
        owasp: K07,
        severity: High,
        title: "kubelets answer everybody on their read-only port",
        tags: ["terraform", "external/cwe/cwe-306"],
    },
    rule_row! {
        /// Nodes do not prove that they are what they say.
        ///
        /// ## Why it matters
        /// Without shielded nodes whoever gets a kubelet's credentials can pass for another node.
        ///
        /// ## How to fix
        /// Remove `enable_shielded_nodes = false`.
        ///
        /// ## References
        /// - GKE, Use Shielded GKE Nodes
        id: "gke-shielded-nodes-disabled",
        owasp: K07,
        severity: Medium,
        title: "shielded nodes are off",
        tags: ["terraform"],
    },
    rule_row! {
        /// The cluster runs features that are not finished.
        ///
        /// ## Why it matters
        /// Alpha clusters get no upgrades, and are deleted after 30 days.
        ///
        /// ## How to fix
        /// Remove `enable_kubernetes_alpha`.
        ///
        /// ## References
        /// - GKE, About alpha clusters
        id: "gke-alpha-features",
        owasp: K07,
        severity: Medium,
        title: "the cluster runs alpha features",
        tags: ["terraform"],
    },
    rule_row! {
        /// Nodes are not upgraded by themselves.
        ///
        /// ## Why it matters
        /// Holes of kubelets, container runtimes and kernels stay open until somebody thinks of it.
        ///
        /// ## How to fix
        /// Set `management { auto_upgrade = true }`.
        ///
        /// ## References
        /// - GKE, Node auto-upgrades
        /// - CIS Google Kubernetes Engine Benchmark, 5.5.3
        id: "gke-auto-upgrade-disabled",
        owasp: K07,
        severity: Low,
        title: "nodes are not upgraded by themselves",
        tags: ["terraform"],
    },
    rule_row! {
        /// Nodes that fail are not repaired by themselves.
        ///
        /// ## Why it matters
        /// A node with a full disk or a broken kubelet keeps its pods.
        ///
        /// ## How to fix
        /// Set `management { auto_repair = true }`.
        ///
        /// ## References
        /// - GKE, Node auto-repair
        id: "gke-auto-repair-disabled",
        owasp: K07,
        severity: Low,
        title: "nodes are not repaired by themselves",
        tags: ["terraform"],
    },
    rule_row! {
        /// Nodes boot whatever their disk holds.
        ///
        /// ## Why it matters
        /// A rootkit in the boot chain stays, unseen.
        ///
        /// ## How to fix
        /// Set `shielded_instance_config { enable_secure_boot = true }`, unless drivers of third parties forbid it.
        ///
        /// ## References
        /// - GKE, Use Shielded GKE Nodes: Secure boot
        id: "gke-secure-boot-disabled",
        owasp: K07,
        severity: Low,
        persona: Pedantic,
        title: "secure boot is off",
        tags: ["terraform"],
    },
    rule_row! {
        /// Nobody is told when the boot chain of a node changes.
        ///
        /// ## Why it matters
        /// A rootkit in the boot chain stays, unseen.
        ///
        /// ## How to fix
        /// Remove `enable_integrity_monitoring = false`.
        ///
        /// ## References
        /// - GKE, Use Shielded GKE Nodes: Integrity monitoring
        id: "gke-integrity-monitoring-disabled",
        owasp: K07,
        severity: Low,
        title: "integrity monitoring is off",
        tags: ["terraform"],
    },
    rule_row! {
        /// The cluster belongs to no release channel.
        ///
        /// ## Why it matters
        /// Versions are chosen by hand, and get old.
        ///
        /// ## How to fix
        /// Set `release_channel { channel = "REGULAR" }`.
        ///
        /// ## References
        /// - GKE, About release channels
        id: "gke-release-channel-unset",
        owasp: K07,
        severity: Low,
        title: "the cluster belongs to no release channel",
        tags: ["terraform"],
    },
    rule_row! {
        /// Nodes run another system than Container-Optimized OS.
        ///
        /// ## Why it matters
        /// It has more in it than containers need, and more to patch.
        ///
        /// ## How to fix
        /// Set `image_type = "COS_CONTAINERD"`.
        ///
        /// ## References
        /// - GKE, Node images
        id: "gke-node-image-not-cos",
        owasp: K07,
        severity: Info,
        persona: Pedantic,
        title: "nodes run another system than Container-Optimized OS",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [port, shielded, alpha, _, _, _, _, channel, _] = &RULES;
    let graph = scan.graph;
    for cluster in graph.gke_clusters() {
        let node = cluster.node();
        out.setting(shielded, node, cluster.shielded_nodes(), |on| !on, None, "off");
        out.setting(alpha, node, cluster.alpha(), |on| on, None, "on");
        if !cluster.autopilot().is(true) {
            out.setting(
                channel,
                node,
                cluster.release_channel(),
                |channel| channel == "UNSPECIFIED",
                None,
                "none",
            );
        }
        let defaults = [
            &["node_pool_defaults", "node_config_defaults", "insecure_kubelet_readonly_port_enabled"][..],
            &["node_pool_auto_config", "node_kubelet_config", "insecure_kubelet_readonly_port_enabled"],
        ];
        for path in defaults {
            let value = cluster.terraform().within(path).and(Value::scalar_text);
            out.setting(port, node, value, |open| open.eq_ignore_ascii_case("true"), None, "open");
        }
    }
    for pool in graph.node_groups().filter(|pool| pool.cloud() == Cloud::Google) {
        nodes(out, pool);
    }
}

fn nodes(out: &mut Findings<'_>, pool: NodeGroup<'_>) {
    let [port, _, _, upgrade, repair, boot, integrity, _, image] = &RULES;
    let node = pool.node();
    let value = pool.node_setting(&["kubelet_config", "insecure_kubelet_readonly_port_enabled"]);
    out.setting(
        port,
        node,
        value.and(Value::scalar_text),
        |open| open.eq_ignore_ascii_case("true"),
        None,
        "open",
    );
    out.setting(upgrade, node, pool.gke_auto_upgrade(), |on| !on, None, "off");
    out.setting(repair, node, pool.gke_auto_repair(), |on| !on, None, "off");
    // Where no node_config is written, there is nothing to point at but the pool.
    if let Attr::Known(config, _) = pool.node_config() {
        let unset = Some("nothing is written, and the default is false");
        out.setting(boot, node, pool.gke_secure_boot(), |on| !on, unset, "off");
        out.setting(integrity, node, pool.gke_integrity_monitoring(), |on| !on, None, "off");
        let other = |image: &str| !image.to_ascii_uppercase().starts_with("COS");
        out.setting(image, node, config.attr_str("image_type"), other, None, "another system");
    }
}
