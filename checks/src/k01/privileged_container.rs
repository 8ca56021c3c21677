use crate::prelude::*;

rule! {
    /// A privileged container has every capability and every device of its node.
    ///
    /// ## Why it matters
    /// Code in it can load kernel modules or mount the node's disk: the container is the node. Seccomp, AppArmor and
    /// the default device filter do not apply to it.
    ///
    /// ## How to fix
    /// Remove `privileged: true` and add the one capability that the program needs.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Baseline: Privileged Containers
    /// - CIS Kubernetes Benchmark 1.12, 5.2.2
    RULE = {
        id: "privileged-container",
        owasp: K01,
        severity: Critical,
        title: "the container runs privileged",
        tags: ["cis-5.2.2", "external/cwe/cwe-250"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        match container.privileged() {
            Attr::Known(true, at) => {
                out.report(&RULE, container, at, "privileged here");
            }
            Attr::Unknown(symbol, at) => {
                out.possible(&RULE, container, at, symbol);
            }
            Attr::Known(false, _) | Attr::Absent(_) => {}
        }
    }
}
