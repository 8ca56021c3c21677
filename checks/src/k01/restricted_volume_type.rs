use crate::prelude::*;

rule! {
    /// The pod mounts storage past the cluster's own volumes.
    ///
    /// ## Why it matters
    /// Server, path and credentials stand in the pod, so whoever may create pods chooses them, and the kubelet mounts
    /// them with its own rights. The restricted level of the Pod Security Standards refuses such volumes.
    ///
    /// ## How to fix
    /// Use a PersistentVolumeClaim, with a CSI driver for the storage behind it.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Restricted: Volume Types
    RULE = {
        id: "restricted-volume-type",
        owasp: K01,
        severity: Low,
        title: "the pod mounts a volume of a restricted type",
        check,
    }
}

/// They have rules of their own.
const ELSEWHERE: [&str; 2] = ["gitRepo", "hostPath"];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads().filter(|workload| !workload.is_guessed()) {
        for volume in workload.volumes() {
            let Some(source) = volume.source() else { continue };
            if source.value.is_null()
                || RESTRICTED_VOLUMES.contains(&source.kind)
                || ELSEWHERE.contains(&source.kind)
            {
                continue;
            }
            out.report(&RULE, workload, source.value.origin, format!("of the type {}", source.kind))
                .message(format!("{} mounts a volume of the type {}", workload.address(), source.kind));
        }
    }
}
