use crate::prelude::*;

rule! {
    /// Bidirectional mount propagation lets a container mount file systems on its node and into other pods.
    ///
    /// ## Why it matters
    /// It only works for privileged containers, and what such a container mounts over a path of the node replaces
    /// what the node's own programs read there.
    ///
    /// ## How to fix
    /// Use `HostToContainer`, or `None`. Only node plugins of storage drivers need `Bidirectional`.
    ///
    /// ## References
    /// - Kubernetes, Volumes: Mount propagation
    RULE = {
        id: "bidirectional-mount-propagation",
        owasp: K01,
        severity: High,
        title: "mounts of the container appear on its node",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        for mount in container.mounts() {
            if let Attr::Known("Bidirectional", at) = mount.propagation() {
                out.report(&RULE, container, at, "propagates to the node");
            }
        }
    }
}
