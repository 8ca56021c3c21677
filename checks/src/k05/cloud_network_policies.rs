//! Engines for network policies that clouds bring along.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// No engine for network policies is chosen for the AKS cluster.
        ///
        /// ## Why it matters
        /// NetworkPolicies can be created, and do nothing: every pod reaches every other.
        ///
        /// ## How to fix
        /// Set `network_policy = "cilium"` (with `network_data_plane = "cilium"`), `"azure"` or `"calico"` in
        /// `network_profile`.
        ///
        /// ## References
        /// - AKS, Secure traffic between pods by using network policies
        id: "aks-network-policy-missing",
        owasp: K05,
        severity: Medium,
        title: "no engine for network policies is chosen",
        tags: ["terraform"],
    },
    rule_row! {
        /// The GKE cluster has neither Dataplane V2 nor another engine for network policies.
        ///
        /// ## Why it matters
        /// What NetworkPolicies say is stored and never applied, so a taken pod reaches all others.
        ///
        /// ## How to fix
        /// Set `datapath_provider = "ADVANCED_DATAPATH"`.
        ///
        /// ## References
        /// - GKE, GKE Dataplane V2
        /// - CIS Google Kubernetes Engine Benchmark, 5.6.7
        id: "gke-network-policy-disabled",
        owasp: K05,
        severity: Medium,
        title: "neither Dataplane V2 nor another engine enforces network policies",
        tags: ["terraform"],
    },
    rule_row! {
        /// Network policies are on for nodes and off for the control plane.
        ///
        /// ## Why it matters
        /// The API refuses this, or policies do nothing.
        ///
        /// ## How to fix
        /// Remove `network_policy_config { disabled = true }` from `addons_config`.
        ///
        /// ## References
        /// - GKE, Control communication between Pods and Services using network policies
        id: "gke-network-policy-addon-mismatch",
        owasp: K05,
        severity: Medium,
        title: "network policies are on for nodes and off for the control plane",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [aks, gke, mismatch] = &RULES;
    for cluster in scan.graph.aks_clusters() {
        // Whoever brings the network along brings the engine too.
        if cluster.network_plugin().is("none") || cluster.network_plugin().is_unknown() {
            continue;
        }
        // The API refuses Cilium as data plane without `network_policy = "cilium"`.
        let unset = Some("no network_policy is written, and the default is none");
        out.setting(aks, cluster.node(), cluster.network_policy(), |engine| engine == "none", unset, "none");
    }
    for cluster in scan.graph.gke_clusters() {
        let node = cluster.node();
        let policy = cluster.network_policy();
        let advanced = cluster.datapath();
        let disabled = cluster.network_policy_addon_disabled();
        if policy.is(true) {
            out.setting(mismatch, node, disabled, |disabled| disabled, None, "off here")
                .map(|finding| finding.related(policy.origin(), "and on here"));
            continue;
        }
        let enforced = cluster.autopilot().is(true)
            || cluster.autopilot().is_unknown()
            || policy.is_unknown()
            || advanced.is_unknown()
            || advanced.is("ADVANCED_DATAPATH");
        if !enforced {
            out.report(gke, node, policy.origin(), "neither network_policy nor Dataplane V2");
        }
    }
}
