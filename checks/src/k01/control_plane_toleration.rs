use crate::prelude::*;

rule! {
    /// A pod that may run on control-plane nodes is close to the keys of the cluster.
    ///
    /// ## Why it matters
    /// An escape there gives etcd, the certificate authority and the API server's own credentials.
    ///
    /// ## How to fix
    /// Remove the toleration of the control-plane taint and the selection of control-plane nodes.
    ///
    /// ## References
    /// - Kubernetes, Well-Known Labels, Annotations and Taints
    RULE = {
        id: "control-plane-toleration",
        owasp: K01,
        severity: Medium,
        title: "the pod may run on control-plane nodes",
        check,
    }
}

const TAINTS: [&str; 2] = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        // Agents of nodes are there for every node, and components of the control plane for these.
        if workload.is_daemon_set() || workload.namespace() == Some("kube-system") {
            continue;
        }
        let named = workload.tolerations().find(|toleration| {
            toleration.is_universal().is_yes()
                || matches!(toleration.key(), Attr::Known(key, _) if TAINTS.contains(&key))
        });
        let selected = workload.node_selector().iter().find(|(key, _)| TAINTS.contains(key));
        if let Some((key, value)) = selected {
            out.report(&RULE, workload, value.origin, format!("selects {key}"));
        } else if let Some(toleration) = named {
            out.report(&RULE, workload, toleration.origin(), "tolerates the taint of control-plane nodes");
        }
    }
}
