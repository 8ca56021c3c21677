use crate::prelude::*;

rule! {
    /// A `gitRepo` volume lets the author of a pod run commands on the node.
    ///
    /// ## Why it matters
    /// The kubelet clones the repository as root, and hooks in it run there (CVE-2024-10220, CVE-2025-1767). The
    /// volume type is deprecated and will not be fixed.
    ///
    /// ## How to fix
    /// Clone in an init container into an `emptyDir`.
    ///
    /// ## References
    /// - CVE-2024-10220, CVE-2025-1767
    RULE = {
        id: "git-repo-volume",
        owasp: K01,
        also: [K07],
        severity: High,
        title: "the pod uses a gitRepo volume",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        for volume in workload.volumes() {
            if let Some(source) = volume.source().filter(|source| source.kind == "gitRepo") {
                out.report(&RULE, workload, source.value.origin, "cloned by the kubelet as root");
            }
        }
    }
}
