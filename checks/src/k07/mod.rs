//! K07 Misconfigured And Vulnerable Cluster Components: flags and versions of the control plane, the nodes and add-ons.

mod aks_components;
mod api_server;
mod cloud_versions;
mod control_plane;
mod control_plane_file_mode_open;
mod coredns_zone_transfer_open;
pub(crate) mod data;
mod ec2_user_data_kubelet_insecure;
mod etcd;
mod gke_components;
mod helm_release;
mod kubelet;
mod registry_images;
mod removed_component_flag;
mod tiller_deployed;
mod versions;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[
    &api_server::ENTRY,
    &kubelet::ENTRY,
    &etcd::ENTRY,
    &control_plane::ENTRY,
    &removed_component_flag::ENTRY,
    &versions::ENTRY,
    &tiller_deployed::ENTRY,
    &coredns_zone_transfer_open::ENTRY,
    &control_plane_file_mode_open::ENTRY,
    &cloud_versions::ENTRY,
    &gke_components::ENTRY,
    &aks_components::ENTRY,
    &ec2_user_data_kubelet_insecure::ENTRY,
    &helm_release::ENTRY,
    &registry_images::ENTRY,
];
