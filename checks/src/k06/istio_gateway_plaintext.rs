use crate::prelude::*;

rule! {
    /// The gateway of Istio serves its hosts over plain HTTP, or accepts versions of TLS that are broken.
    ///
    /// ## Why it matters
    /// Passwords, cookies and data cross the network outside the mesh in the clear, and can be changed on the way.
    /// TLS 1.0 and 1.1 do not protect them either.
    ///
    /// ## How to fix
    /// Set `tls.httpsRedirect: true` on the HTTP server and add one with `protocol: HTTPS` and a certificate; leave
    /// `minProtocolVersion` out, or set `TLSV1_2`.
    ///
    /// ## References
    /// - Istio, Gateway: ServerTLSSettings
    RULE = {
        id: "istio-gateway-plaintext",
        owasp: K06,
        severity: Medium,
        title: "the gateway serves hosts without TLS, or with an outdated version of it",
        tags: ["external/cwe/cwe-319"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for gateway in scan.graph.istio_gateways() {
        // What leaves the mesh, or goes from one part of it to another, is encrypted by the proxies.
        let inner = gateway.selector().iter().any(|(_, value)| {
            value.as_str().is_some_and(|value| value.contains("egress") || value.contains("eastwest"))
        });
        if inner || gateway.selector().is_open() {
            continue;
        }
        for server in gateway.servers() {
            if let Attr::Known(version @ ("TLSV1_0" | "TLSV1_1"), at) = server.min_tls_version() {
                out.report(&RULE, gateway, at, "an outdated version")
                    .message(format!("{} accepts {version}", gateway.address()));
            }
            let Attr::Known(protocol, at) = server.protocol() else { continue };
            let plain = ["GRPC", "HTTP", "HTTP2"].iter().any(|name| protocol.eq_ignore_ascii_case(name));
            let redirects = !matches!(server.redirects_to_https(), Attr::Absent(_) | Attr::Known(false, _));
            // With a mode the server has TLS whatever the protocol's name says.
            if !plain || redirects || !server.tls_mode().is_absent() {
                continue;
            }
            let mut routes = gateway.routes().peekable();
            if routes.peek().is_some() && routes.all(|route| !route.only_redirects().is_no()) {
                continue;
            }
            let hosts: Vec<&str> = server.hosts().known().map(|(host, _)| host).collect();
            let finding = out.report(&RULE, gateway, at, "plain HTTP");
            if !hosts.is_empty() {
                finding.message(format!(
                    "{} serves {} over plain HTTP and does not redirect",
                    gateway.address(),
                    hosts.join(", ")
                ));
            }
        }
    }
}
