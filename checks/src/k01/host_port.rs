use crate::prelude::*;

rule! {
    /// A host port opens the container on the address of every node it runs on.
    ///
    /// ## Why it matters
    /// It goes around Services, Ingresses and whatever guards them, and ties the pod to one copy a node.
    ///
    /// ## How to fix
    /// Remove `hostPort` and expose the port through a Service.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Baseline: Host Ports
    /// - CIS Kubernetes Benchmark 1.12, 5.2.12
    RULE = {
        id: "host-port",
        owasp: K01,
        also: [K06],
        severity: Medium,
        title: "the container listens on a port of its node",
        tags: ["cis-5.2.12"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        // The API server fills in host ports of pods on the host's network: `host-network` speaks of these.
        if !Tri::from(container.workload().host_network()).is_no() {
            continue;
        }
        for port in container.ports() {
            match port.host_port() {
                Attr::Known(number, at) if number != 0 => {
                    out.report(&RULE, container, at, format!("port {number} of the node"));
                }
                Attr::Known(..) | Attr::Absent(_) | Attr::Unknown(..) => {}
            }
        }
    }
}
