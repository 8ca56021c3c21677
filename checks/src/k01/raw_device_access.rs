use crate::prelude::*;

rule! {
    /// A device file of the node gives a container the device itself, without what guards the files on it.
    ///
    /// ## Why it matters
    /// With a block device the node's file system can be read and changed below all permissions.
    ///
    /// ## How to fix
    /// Use a device plugin or dynamic resource allocation; for storage a PersistentVolumeClaim with
    /// `volumeMode: Block`.
    ///
    /// ## References
    /// - Kubernetes, Volumes: hostPath volume types
    RULE = {
        id: "raw-device-access",
        owasp: K01,
        severity: Medium,
        title: "the pod mounts a device file of its node",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        for volume in workload.volumes() {
            if let Attr::Known(kind @ ("BlockDevice" | "CharDevice"), at) = volume.host_path_type() {
                out.report(&RULE, workload, at, format!("a {kind} of the node"));
            }
        }
    }
}
