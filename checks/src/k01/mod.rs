//! K01 Insecure Workload Configurations: pods that run with more privilege than they need.

mod added_capabilities;
mod apparmor_unconfined;
mod bidirectional_mount_propagation;
mod capabilities_not_dropped;
mod commands;
mod control_plane_toleration;
mod dead_image_registry;
mod default_namespace_used;
mod fold;
mod git_repo_volume;
mod git_sync_command_override;
mod host_namespaces;
mod host_paths;
mod host_port;
mod image_reference_invalid;
mod image_tag;
mod missing_resources;
mod missing_seccomp_profile;
mod privilege_escalation_allowed;
mod privileged_container;
mod raw_device_access;
mod root_group;
mod root_user_explicit;
mod root_user_possible;
mod seccomp_unconfined;
mod selinux_type_custom;
mod shared_process_namespace;
mod unmasked_proc_mount;
mod unsafe_sysctl;
mod windows_host_process;
mod writable_root_filesystem;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[
    &privileged_container::ENTRY,
    &windows_host_process::ENTRY,
    &host_paths::ENTRY,
    &host_namespaces::ENTRY,
    &host_port::ENTRY,
    &added_capabilities::ENTRY,
    &capabilities_not_dropped::ENTRY,
    &privilege_escalation_allowed::ENTRY,
    &root_user_explicit::ENTRY,
    &root_user_possible::ENTRY,
    &seccomp_unconfined::ENTRY,
    &missing_seccomp_profile::ENTRY,
    &apparmor_unconfined::ENTRY,
    &unmasked_proc_mount::ENTRY,
    &unsafe_sysctl::ENTRY,
    &shared_process_namespace::ENTRY,
    &control_plane_toleration::ENTRY,
    &bidirectional_mount_propagation::ENTRY,
    &raw_device_access::ENTRY,
    &git_repo_volume::ENTRY,
    &writable_root_filesystem::ENTRY,
    &image_tag::ENTRY,
    &image_reference_invalid::ENTRY,
    &dead_image_registry::ENTRY,
    &missing_resources::ENTRY,
    &default_namespace_used::ENTRY,
    &commands::ENTRY,
    &root_group::ENTRY,
    &selinux_type_custom::ENTRY,
    &git_sync_command_override::ENTRY,
];
