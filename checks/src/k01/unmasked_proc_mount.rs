use crate::prelude::*;

rule! {
    /// An unmasked `/proc` shows the container what the runtime hides from it.
    ///
    /// ## Why it matters
    /// Kernel memory, keys and timers become readable, and some files under `/proc/sys` writable: a short way to the
    /// node for a container that runs as root.
    ///
    /// ## How to fix
    /// Remove `procMount: Unmasked`; nested containers need it only together with `hostUsers: false`.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Baseline: /proc Mount Type
    RULE = {
        id: "unmasked-proc-mount",
        owasp: K01,
        severity: High,
        title: "`/proc` of the container is unmasked",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        if !container.workload().has_user_namespace().is_no() {
            continue;
        }
        if let Attr::Known("Unmasked", at) = container.proc_mount() {
            out.report(&RULE, container, at, "unmasked here");
        }
    }
}
