use crate::prelude::*;

rule! {
    /// Containers that share a process namespace can read each other's files and environment.
    ///
    /// ## Why it matters
    /// Through `/proc` a compromised sidecar reaches the file system and the secrets of its neighbours.
    ///
    /// ## How to fix
    /// Remove `shareProcessNamespace`, and debug with an ephemeral container that targets one container.
    ///
    /// ## References
    /// - Kubernetes, Share Process Namespace between Containers in a Pod
    RULE = {
        id: "shared-process-namespace",
        owasp: K01,
        severity: Low,
        title: "containers of the pod share their processes",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        let Attr::Known(true, at) = workload.share_process_namespace() else { continue };
        if workload.containers().filter(|container| container.is_lasting()).count() >= 2 {
            out.report(&RULE, workload, at, "shared here");
        }
    }
}
