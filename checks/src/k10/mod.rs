//! K10 Inadequate Logging And Monitoring: what is done in the cluster and nobody can find out.

mod absent;
mod access_log_disabled;
mod aks_logging;
mod api_server;
mod container_log_rotation_small;
mod eks_logging;
mod gke_logging;
mod log_buffer_volatile;
mod policy;
mod runtime_rules_muted;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[
    &api_server::ENTRY,
    &policy::ENTRY,
    &runtime_rules_muted::ENTRY,
    &access_log_disabled::ENTRY,
    &absent::ENTRY,
    &log_buffer_volatile::ENTRY,
    &container_log_rotation_small::ENTRY,
    &eks_logging::ENTRY,
    &gke_logging::ENTRY,
    &aks_logging::ENTRY,
];
