//! Pods that share namespaces of their node.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// A pod with the host's process namespace sees and can signal every process of its node.
        ///
        /// ## Why it matters
        /// Environment variables and open files of all processes on the node, other tenants' included, become
        /// readable. Together with `privileged`, `SYS_PTRACE` or `SYS_ADMIN` it is a way into the node.
        ///
        /// ## How to fix
        /// Remove `hostPID`, or set it to false.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Baseline: Host Namespaces
        /// - CIS Kubernetes Benchmark 1.12, 5.2.3
        id: "host-pid",
        owasp: K01,
        severity: High,
        title: "the pod shares the process namespace of its node",
        tags: ["cis-5.2.3"],
    },
    rule_row! {
        /// A pod with the host's IPC namespace can read and write shared memory of programs on its node.
        ///
        /// ## Why it matters
        /// Shared memory and semaphores of the node's own programs and of other such pods lie open.
        ///
        /// ## How to fix
        /// Remove `hostIPC`, or set it to false; containers of one pod share an IPC namespace anyway.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Baseline: Host Namespaces
        /// - CIS Kubernetes Benchmark 1.12, 5.2.4
        id: "host-ipc",
        owasp: K01,
        severity: High,
        title: "the pod shares the IPC namespace of its node",
        tags: ["cis-5.2.4"],
    },
    rule_row! {
        /// A pod on the host's network is not isolated by network policies and reaches what only the node may reach.
        ///
        /// ## Why it matters
        /// Services that listen on the node's loopback address, the kubelet's read-only port and the cloud's
        /// metadata service with the node's credentials are within reach, and traffic of other pods can be seen.
        ///
        /// ## How to fix
        /// Remove `hostNetwork` and expose the port through a Service.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Baseline: Host Namespaces
        /// - CIS Kubernetes Benchmark 1.12, 5.2.5
        id: "host-network",
        owasp: K01,
        also: [K05, K08],
        severity: High,
        title: "the pod uses the network of its node",
        tags: ["cis-5.2.5"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        let fields = [workload.host_pid(), workload.host_ipc(), workload.host_network()];
        for (rule, field) in RULES.iter().zip(fields) {
            match field {
                Attr::Known(true, at) => {
                    let finding = out.report(rule, workload, at, "shared here");
                    if rule.id == "host-pid"
                        && let Some(escape) = escape(workload)
                    {
                        finding.related(escape, "with this it is a way into the node");
                    }
                }
                Attr::Unknown(symbol, at) => {
                    out.possible(rule, workload, at, symbol);
                }
                Attr::Known(false, _) | Attr::Absent(_) => {}
            }
        }
    }
}

/// What turns sight of the node's processes into control over them.
fn escape(workload: Workload<'_>) -> Option<OriginId> {
    workload.containers().find_map(|container| {
        container.privileged().is(true).then(|| container.privileged().origin()).or_else(|| {
            container.capabilities().find_added(|name| matches!(name, "ALL" | "SYS_ADMIN" | "SYS_PTRACE"))
        })
    })
}
