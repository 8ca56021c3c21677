//! K09 Broken Authentication Mechanisms: credentials that are too easy to get, or too long good.

mod aks_authentication;
mod api_server;
mod bootstrap_token_manifest;
mod certificate_requests;
mod eks_access;
mod gke_authentication;
mod kubeconfigs;
mod legacy_token_secret;
mod pod_tokens;
mod provider_kubernetes;
mod static_token_file;
mod user_credential_binding;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[
    &static_token_file::ENTRY,
    &kubeconfigs::ENTRY,
    &api_server::ENTRY,
    &legacy_token_secret::ENTRY,
    &bootstrap_token_manifest::ENTRY,
    &certificate_requests::ENTRY,
    &pod_tokens::ENTRY,
    &user_credential_binding::ENTRY,
    &eks_access::ENTRY,
    &gke_authentication::ENTRY,
    &aks_authentication::ENTRY,
    &provider_kubernetes::ENTRY,
];
