//! K03 Secrets Management Failures: credentials where others can read them.

mod apiserver_encryption_missing;
mod cloud_key_in_kubernetes;
mod cluster_encryption;
mod credentials;
mod detect;
mod encryption_configuration;
mod secret_in_terraform_variable_default;
mod secret_references;
mod secret_stores;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[
    &credentials::ENTRY,
    &encryption_configuration::ENTRY,
    &secret_references::ENTRY,
    &secret_in_terraform_variable_default::ENTRY,
    &cloud_key_in_kubernetes::ENTRY,
    &cluster_encryption::ENTRY,
    &apiserver_encryption_missing::ENTRY,
    &secret_stores::ENTRY,
];
