//! Scratch volumes without a bound.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// A volume in memory has no bound, and neither has the container that writes to it.
        ///
        /// ## Why it matters
        /// What is written there counts as memory: it can fill up half of the node's.
        ///
        /// ## How to fix
        /// Set `emptyDir.sizeLimit`, and a memory limit for the container.
        ///
        /// ## References
        /// - Kubernetes, Volumes: emptyDir
        id: "memory-volume-unbounded",
        owasp: K01,
        severity: Low,
        title: "a volume in memory has no bound",
        tags: ["external/cwe/cwe-770"],
    },
    rule_row! {
        /// A scratch volume has no bound.
        ///
        /// ## Why it matters
        /// What is written there can fill the node's disk; the node then evicts pods, others too.
        ///
        /// ## How to fix
        /// Set `emptyDir.sizeLimit`, or a limit of `ephemeral-storage` for the container.
        ///
        /// ## References
        /// - Kubernetes, Volumes: emptyDir
        id: "emptydir-unbounded",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "a scratch volume has no bound",
        tags: ["external/cwe/cwe-770"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [memory, disk] = &RULES;
    for workload in scan.graph.workloads() {
        for volume in workload.volumes() {
            let Attr::Known(directory, at) = volume.value().attr("emptyDir") else { continue };
            if !directory.attr("sizeLimit").is_absent() {
                continue;
            }
            let in_memory = directory.attr_str("medium");
            let (rule, resource, at) = match in_memory {
                Attr::Known("Memory", at) => (memory, ResourceName::Memory, at),
                Attr::Absent(_) | Attr::Known("", _) => (disk, ResourceName::EphemeralStorage, at),
                Attr::Known(..) | Attr::Unknown(..) => continue,
            };
            let unlimited = volume.mounts().find(|mount| {
                !mount.read_only().is(true) && mount.container().effective_limit(resource).is_absent()
            });
            if let Some(mount) = unlimited {
                let name = volume.name().known().unwrap_or_default();
                out.report(rule, workload, at, "`sizeLimit` is missing")
                    .message(format!("volume {name} of {} has no bound", workload.address()))
                    .related(
                        mount.value().origin,
                        format!("container {} writes there, without a limit", mount.container().name()),
                    );
            }
        }
    }
}
