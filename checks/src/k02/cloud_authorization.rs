//! Authorization of clusters in the cloud that is off, or too wide.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// The cluster has no RBAC: whoever is authenticated may do everything.
        ///
        /// ## Why it matters
        /// The token of every pod is that of an administrator.
        ///
        /// ## How to fix
        /// Set `role_based_access_control_enabled = true`. An existing cluster has to be made anew.
        ///
        /// ## References
        /// - AKS, Access and identity options
        id: "aks-rbac-disabled",
        owasp: K02,
        severity: Critical,
        title: "the cluster has no RBAC",
        tags: ["terraform", "external/cwe/cwe-862"],
    },
    rule_row! {
        /// The cluster still grants by the rules from before RBAC.
        ///
        /// ## Why it matters
        /// ABAC gives every ServiceAccount wide rights that no role shows.
        ///
        /// ## How to fix
        /// Remove `enable_legacy_abac`.
        ///
        /// ## References
        /// - GKE, Harden your cluster: Leave ABAC disabled
        /// - CIS Google Kubernetes Engine Benchmark, 5.8.4
        id: "gke-legacy-abac",
        owasp: K02,
        severity: High,
        title: "the cluster grants by the rules from before RBAC",
        tags: ["terraform", "external/cwe/cwe-862"],
    },
    rule_row! {
        /// Bindings of RBAC may name everybody.
        ///
        /// ## Why it matters
        /// GKE can refuse bindings to `system:anonymous`, `system:unauthenticated` and `system:authenticated`, which hold
        /// people from outside. Here it is told to let them pass.
        ///
        /// ## How to fix
        /// Set both `enable_insecure_binding_...` arguments of `rbac_binding_config` to false.
        ///
        /// ## References
        /// - GKE, Best practices for GKE RBAC: Avoid default roles and groups
        id: "gke-insecure-rbac-bindings-allowed",
        owasp: K02,
        severity: Medium,
        title: "bindings of RBAC may name everybody",
        tags: ["terraform"],
    },
    rule_row! {
        /// Many groups are administrators of the cluster.
        ///
        /// ## Why it matters
        /// Members of each of them have every Secret and every node, and no role in the cluster shows it.
        ///
        /// ## How to fix
        /// Leave one group in `admin_group_object_ids`; give others roles of Azure for the cluster.
        ///
        /// ## References
        /// - AKS, Enable AKS-managed Microsoft Entra integration
        id: "aks-admin-group-wide",
        owasp: K02,
        severity: Medium,
        title: "many groups are administrators of the cluster",
        tags: ["terraform"],
    },
];

/// More groups of administrators than this are too many.
const GROUPS: usize = 3;

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [rbac, abac, insecure, groups] = &RULES;
    for cluster in scan.graph.aks_clusters() {
        out.setting(rbac, cluster.node(), cluster.rbac(), |on| !on, None, "off");
        let admins = cluster.admin_groups();
        let count = admins.iter().count();
        if !admins.attr().is_unknown() && count > GROUPS {
            out.report(groups, cluster.node(), admins.origin(), format!("{count} groups"));
        }
    }
    for cluster in scan.graph.gke_clusters() {
        out.setting(abac, cluster.node(), cluster.legacy_abac(), |on| on, None, "on");
        for key in
            ["enable_insecure_binding_system_authenticated", "enable_insecure_binding_system_unauthenticated"]
        {
            let value = cluster.terraform().flag(&["rbac_binding_config", key]);
            if out.setting(insecure, cluster.node(), value, |on| on, None, "let pass").is_some() {
                break;
            }
        }
    }
}
