use crate::prelude::*;

rule! {
    /// The ingress has a certificate and still serves plain HTTP to those who ask for it.
    ///
    /// ## Why it matters
    /// The first request of a browser and every client with an old address send cookies and passwords in the clear.
    ///
    /// ## How to fix
    /// Remove the annotation: with TLS the controller redirects by itself. On GKE set
    /// `kubernetes.io/ingress.allow-http: "false"`.
    ///
    /// ## References
    /// - ingress-nginx, Annotations: Server-side HTTPS enforcement through redirect
    RULE = {
        id: "ingress-plaintext-redirect-off",
        owasp: K06,
        severity: Low,
        title: "the ingress serves plain HTTP beside TLS",
        tags: ["external/cwe/cwe-319"],
        check,
    }
}

/// Annotations by which controllers stop redirecting, with the value that does.
const OFF: [(&str, &str); 5] = [
    ("haproxy-ingress.github.io/ssl-redirect", "false"),
    ("haproxy.org/ssl-redirect", "false"),
    ("kubernetes.io/ingress.allow-http", "true"),
    ("nginx.ingress.kubernetes.io/ssl-redirect", "false"),
    ("nginx.org/redirect-to-https", "false"),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for ingress in scan.graph.ingresses() {
        let annotations = ingress.annotations();
        let forced = annotations.get("nginx.ingress.kubernetes.io/force-ssl-redirect");
        if !matches!(ingress.tls(), Attr::Known(..)) || !(forced.is_absent() || forced.is("false")) {
            continue;
        }
        for (key, value) in OFF {
            if let Attr::Known(written, at) = annotations.get(key)
                && written == value
            {
                out.report(&RULE, ingress, at, "plain HTTP is served too");
            }
        }
    }
}
