use crate::prelude::*;

rule! {
    /// A probe or hook connects to a host that the pod names, from the node.
    ///
    /// ## Why it matters
    /// The kubelet makes the request: with it, whoever writes the pod reaches what only nodes reach, such as services on
    /// the node's loopback. The baseline level of the Pod Security Standards refuses it since Kubernetes 1.34.
    ///
    /// ## How to fix
    /// Remove `host` from the probe: without it, the pod itself is asked.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Baseline: Host Probes / Lifecycle Hooks
    RULE = {
        id: "host-probe-target",
        owasp: K01,
        severity: Low,
        title: "a probe connects to a host of the author's choice",
        tags: ["external/cwe/cwe-918"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        let on_node = !matches!(container.workload().host_network(), Attr::Absent(_) | Attr::Known(false, _));
        for (field, handler) in container.handlers() {
            let Attr::Known(host, at) = handler.host() else { continue };
            // A pod in the node's network listens on the node's loopback itself.
            if on_node && matches!(host, "127.0.0.1" | "::1" | "localhost") {
                continue;
            }
            out.report(&RULE, container, at, format!("{field} goes there")).message(format!(
                "{field} of container {} of {} makes the kubelet connect to {host}",
                container.name(),
                container.workload().address()
            ));
        }
    }
}
