use crate::prelude::*;

rule! {
    /// A HostProcess container of Windows runs on the node itself.
    ///
    /// ## Why it matters
    /// It has no isolation at all: it sees the node's files, processes and network as an administrator may.
    ///
    /// ## How to fix
    /// Remove `hostProcess`, or set it to false.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Baseline: HostProcess
    /// - CIS Kubernetes Benchmark 1.12, 5.2.10
    RULE = {
        id: "windows-host-process",
        owasp: K01,
        severity: Critical,
        title: "the container runs as a process of its Windows node",
        tags: ["cis-5.2.10"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        if let Attr::Known(true, at) = container.windows_host_process() {
            out.report(&RULE, container, at, "on the node here");
        }
    }
}
