//! GKE clusters and node pools.
//!
//! Source of the defaults: Terraform provider, `google_container_cluster`, `google_container_node_pool`; GKE API.

use iac_model::{Attr, Value};

use crate::cloud::NodeGroup;
use crate::cloud::terraform::{blocks, terraform_view, truth, within};
use crate::kubernetes::Strings;
use crate::{EdgeKind, Tri, View};

terraform_view! {
    /// GKE clusters.
    GkeCluster, gke_clusters = "google_container_cluster"
}

impl<'g> GkeCluster<'g> {
    /// `enable_autopilot`. Absent: false.
    pub fn autopilot(self) -> Attr<bool> {
        self.0.flag(&["enable_autopilot"])
    }

    /// `enable_legacy_abac`. Absent: false.
    pub fn legacy_abac(self) -> Attr<bool> {
        self.0.flag(&["enable_legacy_abac"])
    }

    /// `workload_identity_config.workload_pool`. Absent: no workload identity, except with Autopilot.
    pub fn workload_pool(self) -> Attr<&'g Value> {
        self.0.within(&["workload_identity_config", "workload_pool"])
    }

    /// `master_auth.username`. Absent: no basic authentication.
    pub fn basic_auth_user(self) -> Attr<&'g str> {
        self.0.word(&["master_auth", "username"])
    }

    /// `master_auth.client_certificate_config.issue_client_certificate`. Absent: false.
    pub fn client_certificate(self) -> Attr<bool> {
        self.0.flag(&["master_auth", "client_certificate_config", "issue_client_certificate"])
    }

    /// `anonymous_authentication_config.mode`. Absent: `ENABLED`.
    pub fn anonymous_mode(self) -> Attr<&'g str> {
        self.0.word(&["anonymous_authentication_config", "mode"])
    }

    /// `authenticator_groups_config.security_group`. Absent: groups of Google are not known to RBAC.
    pub fn groups_domain(self) -> Attr<&'g str> {
        self.0.word(&["authenticator_groups_config", "security_group"])
    }

    /// `private_cluster_config.enable_private_endpoint`. Absent: false, the endpoint is public.
    pub fn private_endpoint(self) -> Attr<bool> {
        self.0.flag(&["private_cluster_config", "enable_private_endpoint"])
    }

    /// `control_plane_endpoints_config.ip_endpoints_config.enabled`. Absent: true.
    pub fn ip_endpoint(self) -> Attr<bool> {
        self.0.flag(&["control_plane_endpoints_config", "ip_endpoints_config", "enabled"])
    }

    /// `control_plane_endpoints_config.dns_endpoint_config.allow_external_traffic`. Absent: false.
    pub fn dns_endpoint_external(self) -> Attr<bool> {
        self.0.flag(&["control_plane_endpoints_config", "dns_endpoint_config", "allow_external_traffic"])
    }

    /// `private_cluster_config.enable_private_nodes`. Absent: false, nodes have public addresses.
    pub fn private_nodes(self) -> Attr<bool> {
        self.0.flag(&["private_cluster_config", "enable_private_nodes"])
    }

    /// `master_authorized_networks_config`. Absent: everybody reaches a public endpoint.
    pub fn authorized_networks(self) -> Attr<&'g Value> {
        self.0.block("master_authorized_networks_config")
    }

    /// The ranges of addresses that reach the endpoint.
    pub fn authorized_ranges(self) -> impl Iterator<Item = Attr<&'g str>> {
        self.0
            .blocks("master_authorized_networks_config")
            .flat_map(|networks| blocks(networks, "cidr_blocks"))
            .map(|range| range.attr_str("cidr_block"))
    }

    /// Tells whether networks limit who reaches the endpoint. Written without networks: only nodes and Google reach it.
    pub fn limits_networks(self) -> Tri {
        self.0.has_block("master_authorized_networks_config")
    }

    /// `master_authorized_networks_config.gcp_public_cidrs_access_enabled`. Absent: as GKE decides for the cluster.
    pub fn admits_google_addresses(self) -> Attr<bool> {
        self.0.flag(&["master_authorized_networks_config", "gcp_public_cidrs_access_enabled"])
    }

    /// Tells whether the endpoint with an address is public. With `ip_endpoints_config.enabled = false` there is none.
    pub fn endpoint_is_public(self) -> Tri {
        let answer = |flag: Attr<bool>, unset: bool| match flag {
            Attr::Known(on, at) => match self.graph().store().origins.assumed(at) {
                Some(symbol) => Tri::Unknown(Some(symbol)),
                None => Tri::from(on),
            },
            Attr::Absent(_) => Tri::from(unset),
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        };
        answer(self.ip_endpoint(), true).and(!answer(self.private_endpoint(), false))
    }

    /// `datapath_provider`. Absent: `LEGACY_DATAPATH`, with Autopilot `ADVANCED_DATAPATH`.
    pub fn datapath(self) -> Attr<&'g str> {
        self.0.text("datapath_provider")
    }

    /// `network_policy.enabled`. Absent: false.
    pub fn network_policy(self) -> Attr<bool> {
        self.0.flag(&["network_policy", "enabled"])
    }

    /// `addons_config.network_policy_config.disabled`. Absent: true.
    pub fn network_policy_addon_disabled(self) -> Attr<bool> {
        self.0.flag(&["addons_config", "network_policy_config", "disabled"])
    }

    /// `addons_config.kubernetes_dashboard.disabled`. Absent: true.
    pub fn dashboard_disabled(self) -> Attr<bool> {
        self.0.flag(&["addons_config", "kubernetes_dashboard", "disabled"])
    }

    /// `enable_shielded_nodes`. Absent: true.
    pub fn shielded_nodes(self) -> Attr<bool> {
        self.0.flag(&["enable_shielded_nodes"])
    }

    /// `enable_intranode_visibility`. Absent: false.
    pub fn intranode_visibility(self) -> Attr<bool> {
        self.0.flag(&["enable_intranode_visibility"])
    }

    /// `enable_kubernetes_alpha`. Absent: false.
    pub fn alpha(self) -> Attr<bool> {
        self.0.flag(&["enable_kubernetes_alpha"])
    }

    /// `binary_authorization.evaluation_mode`. Absent: `DISABLED`.
    pub fn binary_authorization(self) -> Attr<&'g str> {
        self.0.word(&["binary_authorization", "evaluation_mode"])
    }

    /// `logging_service`. Absent: `logging.googleapis.com/kubernetes`.
    pub fn logging_service(self) -> Attr<&'g str> {
        self.0.text("logging_service")
    }

    /// `logging_config.enable_components`. Absent: by `logging_service`.
    pub fn logging_components(self) -> Strings<'g> {
        self.0.words(&["logging_config", "enable_components"])
    }

    /// `monitoring_config.enable_components`. Absent: by `monitoring_service`. An empty list beside other settings, as
    /// modules write it, says nothing either.
    pub fn monitoring_components(self) -> Strings<'g> {
        let components = self.0.words(&["monitoring_config", "enable_components"]);
        let others = ["advanced_datapath_observability_config", "managed_prometheus"];
        let beside = |key: &str| !self.0.within(&["monitoring_config", key]).is_absent();
        if components.is_empty() && others.iter().any(|key| beside(key)) {
            return Strings::new(Attr::Absent(components.origin()));
        }
        components
    }

    /// `monitoring_service`. Absent: `monitoring.googleapis.com/kubernetes`.
    pub fn monitoring_service(self) -> Attr<&'g str> {
        self.0.text("monitoring_service")
    }

    /// `database_encryption.state`: `ENCRYPTED`, `ALL_OBJECTS_ENCRYPTION_ENABLED`. Absent: `DECRYPTED`.
    pub fn database_encryption(self) -> Attr<&'g str> {
        self.0.word(&["database_encryption", "state"])
    }

    /// `release_channel.channel`. Absent: `REGULAR`, or the most mature channel that has the version that is written;
    /// none for clusters from before 2023.
    pub fn release_channel(self) -> Attr<&'g str> {
        self.0.word(&["release_channel", "channel"])
    }

    /// `min_master_version`. Absent: as the release channel says.
    pub fn version(self) -> Attr<&'g Value> {
        self.0.attr("min_master_version")
    }

    /// `security_posture_config.mode`. Absent: `BASIC`.
    pub fn security_posture(self) -> Attr<&'g str> {
        self.0.word(&["security_posture_config", "mode"])
    }

    /// `remove_default_node_pool`. Absent: false.
    pub fn removes_default_pool(self) -> Attr<bool> {
        self.0.flag(&["remove_default_node_pool"])
    }

    /// Its pools, after structural linking.
    pub fn node_pools(self) -> impl Iterator<Item = NodeGroup<'g>> {
        let graph = self.graph();
        graph.followed_back(self.node(), EdgeKind::NodeOf).filter_map(|node| NodeGroup::of(graph, node))
    }
}

impl<'g> NodeGroup<'g> {
    /// An argument of `node_config` of a GKE pool, blocks and all.
    pub fn node_setting(self, path: &[&str]) -> Attr<&'g Value> {
        match self.node_config() {
            Attr::Known(config, _) => within(config, path),
            other => other,
        }
    }

    /// `node_config.service_account`. Absent: the default account of Compute Engine.
    pub fn gke_service_account(self) -> Attr<&'g str> {
        self.node_setting(&["service_account"]).and(Value::as_str)
    }

    /// `node_config.oauth_scopes`. Absent: storage can be read, logs and metrics written.
    pub fn gke_scopes(self) -> Strings<'g> {
        Strings::new(self.node_setting(&["oauth_scopes"]))
    }

    /// `node_config.workload_metadata_config.mode`. Absent: `GKE_METADATA` in a cluster with workload identity, else
    /// `GCE_METADATA`.
    pub fn gke_metadata_mode(self) -> Attr<&'g str> {
        self.node_setting(&["workload_metadata_config", "mode"]).and(Value::as_str)
    }

    /// `node_config.metadata["disable-legacy-endpoints"]`. Absent: `true`, unless `metadata` is written without it.
    pub fn gke_legacy_endpoints_disabled(self) -> Attr<&'g str> {
        self.node_setting(&["metadata"]).and(|metadata| metadata.get("disable-legacy-endpoints")?.as_str())
    }

    /// `node_config.shielded_instance_config.enable_secure_boot`. Absent: false.
    pub fn gke_secure_boot(self) -> Attr<bool> {
        self.node_setting(&["shielded_instance_config", "enable_secure_boot"]).and(truth)
    }

    /// `node_config.shielded_instance_config.enable_integrity_monitoring`. Absent: true.
    pub fn gke_integrity_monitoring(self) -> Attr<bool> {
        self.node_setting(&["shielded_instance_config", "enable_integrity_monitoring"]).and(truth)
    }

    /// `node_config.kubelet_config.insecure_kubelet_readonly_port_enabled`. Absent: open in pools of clusters before
    /// 1.32.
    pub fn gke_read_only_port(self) -> Attr<&'g str> {
        self.node_setting(&["kubelet_config", "insecure_kubelet_readonly_port_enabled"]).and(Value::as_str)
    }

    /// `network_config.enable_private_nodes` of a GKE pool. Absent: as the cluster says.
    pub fn gke_private_nodes(self) -> Attr<bool> {
        self.within(&["network_config", "enable_private_nodes"]).and(truth)
    }

    /// `management.auto_upgrade` of a GKE pool. Absent: true.
    pub fn gke_auto_upgrade(self) -> Attr<bool> {
        self.within(&["management", "auto_upgrade"]).and(truth)
    }

    /// `management.auto_repair` of a GKE pool. Absent: true.
    pub fn gke_auto_repair(self) -> Attr<bool> {
        self.within(&["management", "auto_repair"]).and(truth)
    }

    /// `node_config.image_type`. Absent: `COS_CONTAINERD`.
    pub fn gke_image_type(self) -> Attr<&'g str> {
        self.node_setting(&["image_type"]).and(Value::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Scan;

    #[test]
    fn endpoints_are_public_unless_something_says_otherwise() {
        for (settings, public, limited) in [
            ("{}", true, false),
            ("{private_cluster_config: [{enable_private_endpoint: true}]}", false, false),
            ("{private_cluster_config: [{enable_private_nodes: true}]}", true, false),
            ("{control_plane_endpoints_config: [{ip_endpoints_config: [{enabled: false}]}]}", false, false),
            ("{master_authorized_networks_config: [{}]}", true, true),
        ] {
            let graph = Scan::new().terraform("google_container_cluster", "c", settings).build();
            let cluster = graph.gke_clusters().next().expect("there is one");
            assert_eq!(cluster.endpoint_is_public(), Tri::from(public), "{settings}");
            assert_eq!(cluster.limits_networks(), Tri::from(limited), "{settings}");
        }
    }

    #[test]
    fn an_empty_list_of_components_beside_other_settings_says_nothing() {
        for (settings, absent) in [
            ("{enable_components: []}", false),
            ("{enable_components: [], managed_prometheus: [{enabled: true}]}", true),
            ("{enable_components: [SYSTEM_COMPONENTS], managed_prometheus: [{enabled: true}]}", false),
        ] {
            let body = format!("{{monitoring_config: [{settings}]}}");
            let graph = Scan::new().terraform("google_container_cluster", "c", &body).build();
            let cluster = graph.gke_clusters().next().expect("there is one");
            assert_eq!(cluster.monitoring_components().attr().is_absent(), absent, "{settings}");
        }
    }
}
