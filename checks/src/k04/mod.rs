//! K04 Lack Of Cluster Level Policy Enforcement: nothing that would refuse an insecure workload.

mod absent;
mod admission_gaps;
mod api_server;
mod cloud_policies;
mod kyverno_policy_bypass;
mod permissive_pod_security_policy;
mod pod_security;
mod pod_security_configuration;
mod policy_engines;
mod policy_gaps;
mod webhooks;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[
    &pod_security::ENTRY,
    &pod_security_configuration::ENTRY,
    &policy_engines::ENTRY,
    &policy_gaps::ENTRY,
    &webhooks::ENTRY,
    &cloud_policies::ENTRY,
    &api_server::ENTRY,
    &permissive_pod_security_policy::ENTRY,
    &kyverno_policy_bypass::ENTRY,
    &admission_gaps::ENTRY,
    &absent::ENTRY,
];
