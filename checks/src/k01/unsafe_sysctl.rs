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

/// The safe set, each with the minor version from which on it is safe (Pod Security Standards, Baseline, 1.37).
const SAFE: [(&str, u16); 14] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_notsent_lowat", 37),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let minor = scan.graph.settings().kubernetes_version.map_or(u16::MAX, |version| version.minor);
    for workload in scan.graph.workloads() {
        for (name, _) in workload.sysctls() {
            let Attr::Known(name, at) = name else { continue };
            // The kernel takes both separators.
            let dotted = name.replace('/', ".");
            if !SAFE.iter().any(|&(safe, from)| safe == dotted && from <= minor) {
                out.report(&RULE, workload, at, "not in the safe set")
                    .message(format!("{} sets the unsafe sysctl {name}", workload.address()));
            }
        }
    }
}
