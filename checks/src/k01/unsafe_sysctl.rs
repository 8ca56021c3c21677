use crate::prelude::*;

rule! {
    /// A sysctl outside the safe set changes the kernel for other pods of the node too.
    ///
    /// ## Why it matters
    /// Some are not namespaced, others can exhaust the node; `kernel.core_pattern` even runs programs on it. Kubelets
    /// refuse them unless the node allows them by name.
    ///
    /// ## How to fix
    /// Remove the sysctl, or set it on dedicated nodes through their own configuration.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Baseline: Sysctls
    RULE = {
        id: "unsafe-sysctl",
        owasp: K01,
        severity: Medium,
        title: "the pod sets a sysctl outside the safe set",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let minor = scan.graph.settings().kubernetes_version.map_or(u16::MAX, |version| version.minor);
    for workload in scan.graph.workloads() {
        for (name, _) in workload.sysctls() {
            let Attr::Known(name, at) = name else { continue };
            // The kernel takes both separators.
            if !is_safe_sysctl(&name.replace('/', "."), minor) {
                out.report(&RULE, workload, at, "not in the safe set")
                    .message(format!("{} sets the unsafe sysctl {name}", workload.address()));
            }
        }
    }
}
