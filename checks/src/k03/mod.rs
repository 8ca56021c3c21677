//! K03 Secrets Management Failures: credentials where others can read them.

mod apiserver_encryption_missing;
mod cloud_key_in_kubernetes;
mod cluster_encryption;
mod credentials;
mod detect;
mod encryption_configuration;
mod random_secret_regenerated;
mod secret_in_terraform_variable_default;
mod secret_references;
mod secret_sharing;
mod secret_stores;
mod secret_use;
mod sops_plaintext_leak;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[
    &credentials::ENTRY,
    &sops_plaintext_leak::ENTRY,
    &random_secret_regenerated::ENTRY,
    &encryption_configuration::ENTRY,
    &secret_references::ENTRY,
    &secret_in_terraform_variable_default::ENTRY,
    &cloud_key_in_kubernetes::ENTRY,
    &cluster_encryption::ENTRY,
    &apiserver_encryption_missing::ENTRY,
    &secret_stores::ENTRY,
    &secret_sharing::ENTRY,
    &secret_use::ENTRY,
];
