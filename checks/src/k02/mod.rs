//! K02 Overly Permissive Authorization: roles and bindings that allow more than their subjects need.

mod abac_policy_wildcard;
mod admin_bindings;
mod aws_auth;
mod binding_faults;
mod broad_subjects;
mod cloud_authorization;
mod eks_access_entry;
mod held;
mod operators;
mod powers;
mod privileged_token_workload;
mod rbac_aggregation_injection;
mod rbac_ineffective_rule;
mod rbac_shared_service_account;
mod rbac_unused_role;
mod trampoline_daemonset;
mod wildcards;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[
    &admin_bindings::ENTRY,
    &broad_subjects::ENTRY,
    &wildcards::ENTRY,
    &powers::identities::ENTRY,
    &powers::pods::ENTRY,
    &powers::data::ENTRY,
    &powers::cluster::ENTRY,
    &rbac_aggregation_injection::ENTRY,
    &privileged_token_workload::ENTRY,
    &trampoline_daemonset::ENTRY,
    &abac_policy_wildcard::ENTRY,
    &binding_faults::ENTRY,
    &rbac_shared_service_account::ENTRY,
    &rbac_unused_role::ENTRY,
    &rbac_ineffective_rule::ENTRY,
    &aws_auth::ENTRY,
    &eks_access_entry::ENTRY,
    &cloud_authorization::ENTRY,
];
