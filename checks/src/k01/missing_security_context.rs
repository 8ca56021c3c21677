use crate::prelude::*;

rule! {
    /// Neither the pod nor any of its containers has a security context.
    ///
    /// ## Why it matters
    /// Everything is as the image and the cluster have it: usually root, with the runtime's capabilities and no seccomp
    /// profile. Other rules name each of these; this one says that nobody thought about it.
    ///
    /// ## How to fix
    /// Add a `securityContext` to the pod and to its containers, starting from the restricted level of the Pod Security
    /// Standards.
    ///
    /// ## References
    /// - CIS Kubernetes Benchmark 1.12, 5.6.3
    RULE = {
        id: "missing-security-context",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "no security context is set",
        tags: ["cis-5.6.3"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        let Attr::Absent(at) = workload.security_context() else { continue };
        if workload.containers().all(|container| container.security_context().is_absent()) {
            out.report(&RULE, workload, at, "`securityContext` is missing");
        }
    }
}
