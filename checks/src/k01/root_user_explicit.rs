use crate::prelude::*;

rule! {
    /// A container that is told to run as user 0 is root in the container, and root on the node once it gets out.
    ///
    /// ## Why it matters
    /// Without user namespaces user 0 in the container is user 0 of the node: every mounted host path and every
    /// kernel flaw is met with full rights.
    ///
    /// ## How to fix
    /// Set `runAsUser` to the number of a user other than 0 and `runAsNonRoot: true`.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Restricted: Running as Non-root user
    /// - CIS Kubernetes Benchmark 1.12, 5.2.7
    RULE = {
        id: "root-user-explicit",
        owasp: K01,
        severity: High,
        title: "the container runs as root",
        tags: ["cis-5.2.7", "external/cwe/cwe-250"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        if !container.workload().has_user_namespace().is_no() {
            continue;
        }
        match container.run_as_user() {
            Attr::Known(0, at) => {
                out.report(&RULE, container, at, "user 0 is root");
            }
            Attr::Unknown(symbol, at) if !container.run_as_non_root().is(true) => {
                out.possible(&RULE, container, at, symbol);
            }
            Attr::Known(..) | Attr::Absent(_) | Attr::Unknown(..) => {}
        }
    }
}
