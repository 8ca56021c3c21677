//! K01 Insecure Workload Configurations: pods that run with more privilege than they need.

mod added_capabilities;
mod apparmor_unconfined;
mod bidirectional_mount_propagation;
mod capabilities_not_dropped;
mod commands;
mod control_plane_toleration;
mod dead_image_registry;
mod default_namespace_used;
mod empty_dirs;
mod encrypted_storage_absent;
mod fold;
mod git_repo_volume;
mod git_sync_command_override;
mod host_namespaces;
mod host_path_persistent_volume;
mod host_paths;
mod host_port;
mod host_probe_target;
mod image_reference_invalid;
mod image_tag;
mod missing_apparmor_profile;
mod missing_resources;
mod missing_seccomp_profile;
mod missing_security_context;
mod missing_user_namespace;
mod namespace_limits;
mod placement;
mod privilege_escalation_allowed;
mod privileged_container;
mod privileged_container_port;
mod raw_device_access;
mod requests_and_limits;
mod restricted_volume_type;
mod root_group;
mod root_user_contradiction;
mod root_user_explicit;
mod root_user_possible;
mod sandbox_runtime_weak;
mod seccomp_unconfined;
mod secret_volume_world_readable;
mod selinux_type_custom;
mod shared_process_namespace;
mod unmasked_proc_mount;
mod unsafe_sysctl;
mod user_ids;
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
    &host_path_persistent_volume::ENTRY,
    &sandbox_runtime_weak::ENTRY,
    &requests_and_limits::ENTRY,
    &host_probe_target::ENTRY,
    &root_user_contradiction::ENTRY,
    &restricted_volume_type::ENTRY,
    &empty_dirs::ENTRY,
    &missing_user_namespace::ENTRY,
    &placement::ENTRY,
    &secret_volume_world_readable::ENTRY,
    &user_ids::ENTRY,
    &missing_apparmor_profile::ENTRY,
    &missing_security_context::ENTRY,
    &privileged_container_port::ENTRY,
    &encrypted_storage_absent::ENTRY,
    &namespace_limits::ENTRY,
];
