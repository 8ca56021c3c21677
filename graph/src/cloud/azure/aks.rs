//! AKS clusters.
//!
//! Source of the defaults: Terraform provider, `azurerm_kubernetes_cluster`, versions 3 and 4. Old names of arguments
//! count where a version has them.

use iac_model::{Attr, OriginId, Value};

use super::made_for;
use crate::cloud::NodeGroup;
use crate::cloud::names::Family;
use crate::cloud::terraform::{elements, terraform_view};
use crate::kubernetes::Strings;
use crate::{EdgeKind, NodeId, Tri, View};

terraform_view! {
    /// AKS clusters.
    AksCluster, aks_clusters = "azurerm_kubernetes_cluster"
}

impl<'g> AksCluster<'g> {
    /// `role_based_access_control_enabled`, of old `role_based_access_control.enabled`. Absent: true.
    pub fn rbac(self) -> Attr<bool> {
        self.0
            .flag(&["role_based_access_control_enabled"])
            .or(|_| self.0.flag(&["role_based_access_control", "enabled"]))
    }

    /// `azure_active_directory_role_based_access_control`. Absent: no Entra integration.
    pub fn entra(self) -> Attr<&'g Value> {
        self.0.block("azure_active_directory_role_based_access_control")
    }

    /// `azure_active_directory_role_based_access_control.azure_rbac_enabled`. Absent: false.
    pub fn azure_rbac(self) -> Attr<bool> {
        self.0.flag(&["azure_active_directory_role_based_access_control", "azure_rbac_enabled"])
    }

    /// `azure_active_directory_role_based_access_control.admin_group_object_ids`. Absent: none.
    pub fn admin_groups(self) -> Strings<'g> {
        self.0.words(&["azure_active_directory_role_based_access_control", "admin_group_object_ids"])
    }

    /// `local_account_disabled`. Absent: false.
    pub fn local_accounts_disabled(self) -> Attr<bool> {
        self.0.flag(&["local_account_disabled"])
    }

    /// `private_cluster_enabled`. Absent: false.
    pub fn private_cluster(self) -> Attr<bool> {
        self.0.flag(&["private_cluster_enabled"])
    }

    /// `api_server_access_profile.authorized_ip_ranges`, of old `api_server_authorized_ip_ranges`. Absent: everybody.
    pub fn authorized_ranges(self) -> Strings<'g> {
        let now = self.0.within(&["api_server_access_profile", "authorized_ip_ranges"]);
        Strings::new(now.or(|_| self.0.attr("api_server_authorized_ip_ranges")))
    }

    /// Tells whether any ranges limit who reaches the API server, and where they stand. An empty list is no limit.
    pub fn limits_ranges(self) -> (Tri, OriginId) {
        let ranges = self.authorized_ranges();
        let limits = match ranges.attr() {
            Attr::Absent(_) => Tri::No,
            Attr::Known(_, at) if !ranges.is_empty() => match self.graph().store().origins.assumed(at) {
                Some(symbol) => Tri::Unknown(Some(symbol)),
                None => Tri::Yes,
            },
            Attr::Known(..) => Tri::No,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        };
        (limits, ranges.origin())
    }

    /// `run_command_enabled`. Absent: true.
    pub fn run_command(self) -> Attr<bool> {
        self.0.flag(&["run_command_enabled"])
    }

    /// `oidc_issuer_enabled`. Absent: false in versions 3 and 4.
    pub fn oidc_issuer(self) -> Attr<bool> {
        self.0.flag(&["oidc_issuer_enabled"])
    }

    /// `workload_identity_enabled`. Absent: false.
    pub fn workload_identity(self) -> Attr<bool> {
        self.0.flag(&["workload_identity_enabled"])
    }

    /// `azure_policy_enabled`, of old `addon_profile.azure_policy.enabled`. Absent: false.
    pub fn azure_policy(self) -> Attr<bool> {
        self.0
            .flag(&["azure_policy_enabled"])
            .or(|_| self.0.flag(&["addon_profile", "azure_policy", "enabled"]))
    }

    /// `microsoft_defender`. Absent: off.
    pub fn defender(self) -> Attr<&'g Value> {
        self.0.block("microsoft_defender")
    }

    /// `network_profile.network_plugin`. Absent: `kubenet`; `none` leaves the network to somebody else.
    pub fn network_plugin(self) -> Attr<&'g str> {
        self.0.word(&["network_profile", "network_plugin"])
    }

    /// `network_profile.network_policy`. Absent: none.
    pub fn network_policy(self) -> Attr<&'g str> {
        self.0.word(&["network_profile", "network_policy"])
    }

    /// `network_profile.network_data_plane`. Absent: `azure`.
    pub fn data_plane(self) -> Attr<&'g str> {
        self.0.word(&["network_profile", "network_data_plane"])
    }

    /// `oms_agent`, of old `addon_profile.oms_agent`. Absent: off.
    pub fn monitoring_agent(self) -> Attr<&'g Value> {
        self.0.block("oms_agent").or(|_| self.0.within(&["addon_profile", "oms_agent"]))
    }

    /// `service_principal`. Absent: a managed identity.
    pub fn service_principal(self) -> Attr<&'g Value> {
        self.0.block("service_principal")
    }

    /// `key_management_service`. Absent: Secrets are encrypted with a key of the platform.
    pub fn key_management(self) -> Attr<&'g Value> {
        self.0.block("key_management_service")
    }

    /// `key_vault_secrets_provider.secret_rotation_enabled`. Absent: false.
    pub fn secret_rotation(self) -> Attr<bool> {
        self.0.flag(&["key_vault_secrets_provider", "secret_rotation_enabled"])
    }

    /// `key_vault_secrets_provider`. Absent: off.
    pub fn secrets_provider(self) -> Attr<&'g Value> {
        self.0.block("key_vault_secrets_provider")
    }

    /// `disk_encryption_set_id`. Absent: keys of the platform.
    pub fn disk_encryption(self) -> Attr<&'g Value> {
        self.0.attr("disk_encryption_set_id")
    }

    /// `http_application_routing_enabled`, of old `addon_profile.http_application_routing.enabled`. Absent: false.
    pub fn http_routing(self) -> Attr<bool> {
        self.0
            .flag(&["http_application_routing_enabled"])
            .or(|_| self.0.flag(&["addon_profile", "http_application_routing", "enabled"]))
    }

    /// `addon_profile.kube_dashboard.enabled`, which version 3 has no more. Absent: false.
    pub fn dashboard(self) -> Attr<bool> {
        self.0.flag(&["addon_profile", "kube_dashboard", "enabled"])
    }

    /// `automatic_upgrade_channel`, of old `automatic_channel_upgrade`. Absent: none.
    pub fn upgrade_channel(self) -> Attr<&'g str> {
        self.0.text("automatic_upgrade_channel").or(|_| self.0.text("automatic_channel_upgrade"))
    }

    /// `node_os_upgrade_channel`, of old `node_os_channel_upgrade`. Absent: `NodeImage`.
    pub fn node_os_channel(self) -> Attr<&'g str> {
        self.0.text("node_os_upgrade_channel").or(|_| self.0.text("node_os_channel_upgrade"))
    }

    /// `kubernetes_version`. Absent: the newest that AKS recommends.
    pub fn version(self) -> Attr<&'g Value> {
        self.0.attr("kubernetes_version")
    }

    /// `support_plan`. Absent: `KubernetesOfficial`.
    pub fn support_plan(self) -> Attr<&'g str> {
        self.0.text("support_plan")
    }

    /// `identity`. Absent: a service principal.
    pub fn identity(self) -> Attr<&'g Value> {
        self.0.block("identity")
    }

    /// `kubelet_identity`. Absent: one that AKS makes.
    pub fn kubelet_identity(self) -> Attr<&'g Value> {
        self.0.block("kubelet_identity")
    }

    /// The identities of the control plane: those that are written, else the one that AKS makes, after structural
    /// linking. None if it uses a service principal.
    pub fn control_plane_identities(self) -> Vec<NodeId> {
        let graph = self.graph();
        let written = self.0.within(&["identity", "identity_ids"]).known().map_or(&[][..], elements);
        let mut found: Vec<NodeId> = written
            .iter()
            .flat_map(|identity| graph.referred(Family::ManagedIdentity, identity, self.node()))
            .collect();
        if written.is_empty() {
            found.extend(graph.find_id(&made_for(self.address(), "control-plane")));
        }
        found
    }

    /// The identities of its kubelets, after structural linking.
    pub fn kubelet_identities(self) -> Vec<NodeId> {
        let mut found: Vec<NodeId> = self.node_pools().flat_map(NodeGroup::identities).collect();
        found.sort();
        found.dedup();
        found
    }

    /// Its pools, after structural linking.
    pub fn node_pools(self) -> impl Iterator<Item = NodeGroup<'g>> {
        let graph = self.graph();
        graph.followed_back(self.node(), EdgeKind::NodeOf).filter_map(|node| NodeGroup::of(graph, node))
    }
}

impl NodeGroup<'_> {
    /// `node_public_ip_enabled` of an AKS pool, of old `enable_node_public_ip`. Absent: false.
    pub fn aks_public_address(self) -> Attr<bool> {
        self.settings()
            .attr_bool("node_public_ip_enabled")
            .or(|_| self.settings().attr_bool("enable_node_public_ip"))
    }

    /// `host_encryption_enabled` of an AKS pool, of old `enable_host_encryption`. Absent: false.
    pub fn aks_host_encryption(self) -> Attr<bool> {
        self.settings()
            .attr_bool("host_encryption_enabled")
            .or(|_| self.settings().attr_bool("enable_host_encryption"))
    }

    /// `only_critical_addons_enabled` of an AKS pool. Absent: false.
    pub fn aks_only_critical_addons(self) -> Attr<bool> {
        self.settings().attr_bool("only_critical_addons_enabled")
    }
}

terraform_view! {
    /// Container registries.
    ContainerRegistry, azure_registries = "azurerm_container_registry"
}

impl ContainerRegistry<'_> {
    /// `admin_enabled`. Absent: false.
    pub fn admin(self) -> Attr<bool> {
        self.0.flag(&["admin_enabled"])
    }

    /// `anonymous_pull_enabled`. Absent: false. Registries of the tier Basic have no such thing.
    pub fn anonymous_pull(self) -> Attr<bool> {
        match self.0.attr("sku").and(Value::as_str) {
            Attr::Known("Basic", at) => Attr::Known(false, at),
            Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => self.0.flag(&["anonymous_pull_enabled"]),
        }
    }
}
