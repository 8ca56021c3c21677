//! Settings of load balancers beside whether they are public.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// The list of those who may connect names every address.
        ///
        /// ## Why it matters
        /// It looks like a restriction and is none: where the load balancer gets a public address, the whole internet
        /// connects.
        ///
        /// ## How to fix
        /// List the ranges of the clients in `loadBalancerSourceRanges`, or remove the list if everybody is meant.
        ///
        /// ## References
        /// - Kubernetes, Service: loadBalancerSourceRanges
        id: "load-balancer-open-sources",
        owasp: K06,
        severity: Low,
        title: "the source ranges of the load balancer are every address",
        tags: ["external/cwe/cwe-668"],
    },
    rule_row! {
        /// The public load balancer serves port 80 alone.
        ///
        /// ## Why it matters
        /// What clients send crosses the internet in the clear.
        ///
        /// ## How to fix
        /// Serve HTTPS on port 443, in the pods or by the provider's certificate annotation.
        ///
        /// ## References
        /// - Kubernetes, Service: TLS support on AWS
        id: "load-balancer-without-tls",
        owasp: K06,
        severity: Info,
        persona: Pedantic,
        title: "the public load balancer serves plain HTTP",
        tags: ["external/cwe/cwe-319"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [open, plain] = &RULES;
    for service in scan.graph.services() {
        if !service.service_type().is("LoadBalancer") {
            continue;
        }
        let everything =
            |list: &str| list.split(',').filter_map(AddressRange::parse).any(AddressRange::is_everything);
        if let Some(at) = service.load_balancer_source_ranges().find(everything) {
            out.report(open, service, at, "every address");
        }
        let has_certificate = service.annotations().is_open()
            || service
                .annotations()
                .iter()
                .any(|(key, _)| ["certificate", "ssl", "tls"].iter().any(|part| key.contains(part)));
        let mut ports = service.ports().peekable();
        let at = ports.peek().map(|port| port.port().origin());
        if let Some(at) = at
            && !has_certificate
            && service.is_public().is_yes()
            && ports.all(|port| port.port().is(80))
        {
            out.report(plain, service, at, "port 80 alone");
        }
    }
}
