//! How people and programs get into AKS and its registries.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// The cluster has local accounts: certificates of administrators that Azure hands out.
        ///
        /// ## Why it matters
        /// They go around Microsoft Entra ID, do not expire for years, and no audit tells who used them.
        ///
        /// ## How to fix
        /// Set `local_account_disabled = true` together with
        /// `azure_active_directory_role_based_access_control`.
        ///
        /// ## References
        /// - AKS, Manage local accounts
        id: "aks-local-accounts-enabled",
        owasp: K09,
        severity: High,
        title: "certificates of administrators go around Microsoft Entra ID",
        tags: ["terraform", "external/cwe/cwe-287"],
    },
    rule_row! {
        /// Rights in the cluster do not come from Azure.
        ///
        /// ## Why it matters
        /// Assignments, reviews and conditional access of Azure do not reach what people may do in the cluster.
        ///
        /// ## How to fix
        /// Set `azure_active_directory_role_based_access_control { azure_rbac_enabled = true }`.
        ///
        /// ## References
        /// - AKS, Use Azure role-based access control for Kubernetes Authorization
        id: "aks-azure-rbac-disabled",
        owasp: K09,
        severity: Medium,
        persona: Pedantic,
        title: "rights in the cluster do not come from Azure",
        tags: ["terraform"],
    },
    rule_row! {
        /// The registry has one password for everybody who pushes.
        ///
        /// ## Why it matters
        /// Whoever has it changes what clusters run, and nobody can tell who it was.
        ///
        /// ## How to fix
        /// Set `admin_enabled = false`; give kubelets `AcrPull` and pipelines `AcrPush`.
        ///
        /// ## References
        /// - Azure Container Registry, Authentication options: Admin account
        id: "acr-admin-enabled",
        owasp: K09,
        severity: Medium,
        title: "the registry has one password for everybody who pushes",
        tags: ["terraform", "external/cwe/cwe-287"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [local, rights, admin] = &RULES;
    for cluster in scan.graph.aks_clusters() {
        let node = cluster.node();
        let unset = Some("nothing is written, and the default is false");
        let disabled = cluster.local_accounts_disabled();
        let finding = out.setting(local, node, disabled, |disabled| !disabled, unset, "local accounts stay");
        if let (Some(finding), Attr::Absent(_)) = (finding, cluster.entra()) {
            finding.related(cluster.terraform().header(), "and Microsoft Entra ID is not integrated");
        }
        out.setting(rights, node, cluster.azure_rbac(), |on| !on, unset, "off");
    }
    for registry in scan.graph.azure_registries() {
        out.setting(admin, registry.node(), registry.admin(), |on| on, None, "one password");
    }
}
