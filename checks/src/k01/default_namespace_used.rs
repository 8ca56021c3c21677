use crate::prelude::*;

rule! {
    /// The namespace `default` is shared by everything that names none, so nothing can be kept apart in it.
    ///
    /// ## Why it matters
    /// Roles, network policies and quotas are per namespace: in `default` they hit, or miss, unrelated workloads.
    ///
    /// ## How to fix
    /// Give the application a namespace of its own.
    ///
    /// ## References
    /// - CIS Kubernetes Benchmark 1.12, 5.6.4
    RULE = {
        id: "default-namespace-used",
        owasp: K01,
        severity: Low,
        title: "the workload is placed in the namespace `default`",
        tags: ["cis-5.6.4"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        // A namespace that nobody wrote is not judged: the release or the client decides.
        if let Attr::Known("default", at) = workload.chosen_namespace() {
            out.report(&RULE, workload, at, "named here");
        }
    }
}
