//! K08 Cluster To Cloud Lateral Movement: pods and nodes that hold cloud permissions.

pub(crate) mod attack_paths;
mod gcp_iam;
mod gke_nodes;
mod google_power;
mod iam_policy;
mod metadata_service;
mod node_role;
mod node_role_use;
mod pod_roles;
mod role_trust;
mod web_identity_trust;

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
    &gke_nodes::ENTRY,
    &gcp_iam::ENTRY,
];
