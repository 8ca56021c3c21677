use crate::prelude::*;

rule! {
    /// A Service that is only another name can lead its clients to places they must not reach.
    ///
    /// ## Why it matters
    /// Proxies and ingress controllers that follow it go with their own rights to the API server, to the metadata
    /// service, to localhost or into another namespace.
    ///
    /// ## How to fix
    /// Name the external host in the client's configuration, or use an EndpointSlice.
    ///
    /// ## References
    /// - Kubernetes, Service: type ExternalName
    RULE = {
        id: "external-name-service",
        owasp: K06,
        severity: Low,
        title: "the Service stands for another host",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for service in scan.graph.services() {
        if let (true, Attr::Known(name, at)) =
            (service.service_type().is("ExternalName"), service.external_name())
        {
            out.report(&RULE, service, at, "this host")
                .message(format!("{} leads to {name}", service.address()));
        }
    }
}
