use crate::prelude::*;

rule! {
    /// A pod that runs as root shares its users with the node.
    ///
    /// ## Why it matters
    /// Root in the container is root on the node for every flaw that lets a process out. With a user namespace it is
    /// nobody there.
    ///
    /// ## How to fix
    /// Set `hostUsers: false`; Kubernetes has it by default since 1.33, and the node's file system must support it.
    ///
    /// ## References
    /// - Kubernetes, User Namespaces
    RULE = {
        id: "missing-user-namespace",
        owasp: K01,
        severity: Low,
        persona: Pedantic,
        title: "a pod with root has no user namespace",
        tags: ["external/cwe/cwe-250"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    if scan.graph.settings().kubernetes_version.is_some_and(|version| version.minor < 33) {
        return;
    }
    for workload in scan.graph.workloads() {
        let host = [workload.host_network(), workload.host_pid(), workload.host_ipc()];
        // The API server refuses a user namespace beside namespaces of the node.
        if host.iter().any(|host| !matches!(host, Attr::Absent(_) | Attr::Known(false, _)))
            || workload.host_users().is_unknown()
            || !workload.has_user_namespace().is_no()
        {
            continue;
        }
        let root = workload.containers().find_map(|container| match container.run_as_user() {
            Attr::Known(0, at) => Some(at),
            _ => {
                container.capabilities().find_added(|name| matches!(name, "ALL" | "SYS_ADMIN" | "SYS_PTRACE"))
            }
        });
        if let Some(root) = root {
            out.report(&RULE, workload, workload.host_users().origin(), "`hostUsers: false` is missing")
                .related(root, "it runs with rights of root");
        }
    }
}
