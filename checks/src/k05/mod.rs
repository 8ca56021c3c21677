//! K05 Missing Network Segmentation Controls: pods that anything can reach and that can reach anything.

mod cloud_network_policies;
mod cni;
mod datastore_not_isolated;
mod egress_without_dns;
mod host_network_bypasses_policy;
mod mesh;
mod metadata_endpoint_reachable;
mod missing_default_deny;
mod namespace_without_network_policy;
mod network_policy_allows;
mod network_policy_except_defeated;
mod network_policy_invalid_block;
mod network_policy_peer_matches_nothing;
mod network_policy_selects_nothing;
mod network_policy_type_omitted;
mod other_policies;
mod sandbox_egress_open;
mod workload_not_isolated;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[
    &namespace_without_network_policy::ENTRY,
    &missing_default_deny::ENTRY,
    &workload_not_isolated::ENTRY,
    &datastore_not_isolated::ENTRY,
    &network_policy_allows::ENTRY,
    &network_policy_except_defeated::ENTRY,
    &network_policy_selects_nothing::ENTRY,
    &network_policy_peer_matches_nothing::ENTRY,
    &network_policy_type_omitted::ENTRY,
    &network_policy_invalid_block::ENTRY,
    &host_network_bypasses_policy::ENTRY,
    &cloud_network_policies::ENTRY,
    &metadata_endpoint_reachable::ENTRY,
    &cni::ENTRY,
    &other_policies::ENTRY,
    &mesh::ENTRY,
    &sandbox_egress_open::ENTRY,
    &egress_without_dns::ENTRY,
];
