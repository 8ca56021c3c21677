use crate::prelude::*;

rule! {
    /// The ingress serves a host without TLS.
    ///
    /// ## Why it matters
    /// Passwords, cookies and data cross the network in the clear, and can be changed on the way.
    ///
    /// ## How to fix
    /// Add `spec.tls` with the host and a certificate; cert-manager can issue it.
    ///
    /// ## References
    /// - Kubernetes, Ingress: TLS
    RULE = {
        id: "ingress-without-tls",
        owasp: K06,
        severity: Medium,
        title: "the ingress serves hosts without TLS",
        tags: ["external/cwe/cwe-319"],
        check,
    }
}

/// Annotations by which controllers end TLS without `spec.tls`: key, and what its value must contain.
const ELSEWHERE: [(&str, &str); 9] = [
    ("alb.ingress.kubernetes.io/certificate-arn", ""),
    ("alb.ingress.kubernetes.io/listen-ports", "HTTPS"),
    ("appgw.ingress.kubernetes.io/appgw-ssl-certificate", ""),
    ("haproxy.org/ssl-passthrough", "true"),
    ("ingress.gcp.kubernetes.io/pre-shared-cert", ""),
    ("networking.gke.io/managed-certificates", ""),
    ("nginx.ingress.kubernetes.io/ssl-passthrough", "true"),
    ("service.beta.kubernetes.io/aws-load-balancer-ssl-cert", ""),
    ("traefik.ingress.kubernetes.io/router.tls", "true"),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for ingress in scan.graph.ingresses() {
        let annotations = ingress.annotations();
        let elsewhere = annotations.is_open()
            || ELSEWHERE.iter().any(|(key, part)| match annotations.get(key) {
                Attr::Known(value, _) => value.contains(part),
                Attr::Unknown(..) => true,
                Attr::Absent(_) => false,
            });
        if elsewhere || ingress.tls().is_unknown() {
            continue;
        }
        if ingress.tls_hosts().any(|hosts| hosts.is_empty() || hosts.unknown().is_some()) {
            continue;
        }
        let covered = |host: &str| {
            ingress.tls_hosts().any(|hosts| {
                hosts.known().any(|(covered, _)| {
                    covered == host
                        || covered.strip_prefix("*.").is_some_and(|domain| {
                            host.split_once('.').is_some_and(|(_, rest)| rest == domain)
                        })
                })
            })
        };
        let open = ingress.hosts().find_map(|host| match host {
            Attr::Known(host, at) => (!covered(host)).then_some((host, at)),
            Attr::Absent(_) | Attr::Unknown(..) => None,
        });
        let nothing = ingress.tls_hosts().next().is_none();
        if let Some((host, at)) = open {
            out.report(&RULE, ingress, at, "no TLS for this host")
                .message(format!("{} serves {host} without TLS", ingress.address()));
        } else if nothing && ingress.hosts().all(|host| host.is_absent()) {
            let at = ingress.tls().origin();
            out.report(&RULE, ingress, at, "`tls` is missing");
        }
    }
}
