use super::products::admin_interface;
use crate::prelude::*;

rule! {
    /// The load balancer gets a public address that lets in everybody.
    ///
    /// ## Why it matters
    /// Every port of the Service is on the internet, without the web application firewall, authentication or TLS of
    /// an ingress.
    ///
    /// ## How to fix
    /// Set `loadBalancerSourceRanges`, or the annotation that makes the load balancer internal; serve web traffic
    /// through an Ingress or Gateway.
    ///
    /// ## References
    /// - Kubernetes, Service: type LoadBalancer
    RULE = {
        id: "public-load-balancer",
        owasp: K06,
        severity: Medium,
        title: "the load balancer is open to the internet",
        tags: ["external/cwe/cwe-668"],
        check,
    }
}

/// Programs whose work is to face the internet.
const GATEWAYS: [&str; 12] = [
    "apisix",
    "contour",
    "controller",
    "emissary",
    "envoy",
    "gateway",
    "haproxy-ingress",
    "istio",
    "kong",
    "nginx-ingress",
    "proxyv2",
    "traefik",
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for service in scan.graph.services() {
        if !service.service_type().is("LoadBalancer") {
            continue;
        }
        let at = service.service_type().origin();
        match service.is_public() {
            Tri::No => {}
            Tri::Unknown(Some(symbol)) => {
                out.possible(&RULE, service, at, symbol);
            }
            Tri::Unknown(None) => {}
            Tri::Yes => {
                let finding = out.report(&RULE, service, at, "a public address");
                let ranges = service.load_balancer_source_ranges();
                if ranges.is_empty() {
                    finding.message(format!(
                        "{} is open to the internet: no source ranges are set",
                        service.address()
                    ));
                } else {
                    finding.related(ranges.origin(), "these ranges are every address");
                }
                if is_gateway(service) {
                    finding.expected("an ingress controller or gateway is meant to face the internet");
                }
                for workload in service.workloads().filter(|workload| admin_interface(*workload).is_none()) {
                    finding.affects(workload.node());
                }
            }
        }
    }
}

fn is_gateway(service: Service<'_>) -> bool {
    let web = service.ports().all(|port| matches!(port.port(), Attr::Known(80 | 443, _)));
    let mut workloads = service.workloads().peekable();
    web && workloads.peek().is_some()
        && workloads.all(|workload| {
            workload.containers().filter(|container| container.is_lasting()).any(|container| {
                let image = container.image().known();
                let base = image.and_then(|image| image.base_name().known());
                base.is_some_and(|base| GATEWAYS.iter().any(|name| base.starts_with(name)))
            })
        })
}
