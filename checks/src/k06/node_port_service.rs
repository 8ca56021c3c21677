use crate::prelude::*;

rule! {
    /// A node port opens the Service on the address of every node.
    ///
    /// ## Why it matters
    /// Whoever reaches a node reaches the workload, around whatever guards the load balancer or ingress.
    ///
    /// ## How to fix
    /// Use `ClusterIP` and an Ingress or Gateway.
    ///
    /// ## References
    /// - Kubernetes, Service: type NodePort
    RULE = {
        id: "node-port-service",
        owasp: K06,
        severity: Low,
        title: "the Service is open on every node",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for service in scan.graph.services() {
        if let Attr::Known("NodePort", at) = service.service_type() {
            out.report(&RULE, service, at, "open on every node");
        }
    }
}
