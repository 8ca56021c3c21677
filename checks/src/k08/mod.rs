//! K08 Cluster To Cloud Lateral Movement: pods and nodes that hold cloud permissions.

mod aks_identity;
pub(crate) mod attack_paths;
mod azure_roles;
mod cloud_credential_host_path;
mod cloud_identity_default_account;
mod cloud_identity_over_shared;
mod cluster_to_cloud;
mod gcp_iam;
mod gke_nodes;
mod google_power;
mod host_network_metadata;
mod iam_policy;
mod iam_principal_privilege_escalation;
mod legacy_pod_identity;
mod metadata_service;
mod node_role;
mod node_role_use;
mod pod_roles;
mod role_trust;
mod service_account_identity;
mod static_cloud_credential;
mod web_identity_trust;
mod workload_identity_label_missing;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[
    &attack_paths::ENTRY,
    &node_role::ENTRY,
    &node_role_use::ENTRY,
    &metadata_service::ENTRY,
    &pod_roles::ENTRY,
    &web_identity_trust::ENTRY,
    &role_trust::ENTRY,
    &iam_policy::ENTRY,
    &iam_principal_privilege_escalation::ENTRY,
    &gke_nodes::ENTRY,
    &gcp_iam::ENTRY,
    &azure_roles::ENTRY,
    &aks_identity::ENTRY,
    &service_account_identity::ENTRY,
    &cloud_identity_default_account::ENTRY,
    &cloud_identity_over_shared::ENTRY,
    &cluster_to_cloud::ENTRY,
    &host_network_metadata::ENTRY,
    &static_cloud_credential::ENTRY,
    &cloud_credential_host_path::ENTRY,
    &legacy_pod_identity::ENTRY,
    &workload_identity_label_missing::ENTRY,
];
