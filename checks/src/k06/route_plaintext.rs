//! Routes of OpenShift and Traefik without TLS.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// The router of OpenShift serves the host over plain HTTP.
        ///
        /// ## Why it matters
        /// Passwords, cookies and data cross the network in the clear, and can be changed on the way.
        ///
        /// ## How to fix
        /// Set `tls.termination: edge` (or `reencrypt`) and `insecureEdgeTerminationPolicy: Redirect`; the router has a
        /// certificate of its own for hosts that bring none.
        ///
        /// ## References
        /// - OpenShift, Secured routes
        id: "openshift-route-plaintext",
        owasp: K06,
        severity: Medium,
        title: "the route serves its host without TLS",
        tags: ["external/cwe/cwe-319"],
    },
    rule_row! {
        /// Traefik serves the route over plain HTTP, or accepts versions of TLS that are broken.
        ///
        /// ## Why it matters
        /// Passwords, cookies and data cross the network in the clear, and can be changed on the way. TLS 1.0 and 1.1
        /// do not protect them either.
        ///
        /// ## How to fix
        /// Add `tls`, use the entry point for HTTPS alone, and let the one for HTTP redirect; leave `minVersion` out,
        /// or set `VersionTLS12`.
        ///
        /// ## References
        /// - Traefik, IngressRoute; Traefik, TLS options
        id: "traefik-route-plaintext",
        owasp: K06,
        severity: Low,
        title: "the route serves clients without TLS, or with an outdated version of it",
        tags: ["external/cwe/cwe-319"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [openshift, traefik] = &RULES;
    let redirected = entry_point_redirects(scan);
    for route in scan.graph.routes() {
        match (route.api_group(), route.kind()) {
            ("route.openshift.io", _) => match route.body().attr_at(&["spec", "tls"]) {
                Attr::Absent(at) => {
                    out.report(openshift, route, at, "`tls` is missing");
                }
                Attr::Known(tls, _) => {
                    if let Attr::Known("Allow", at) = tls.attr_str("insecureEdgeTerminationPolicy") {
                        out.report(openshift, route, at, "plain HTTP is served beside TLS");
                    }
                }
                Attr::Unknown(..) => {}
            },
            (_, "IngressRoute") if !redirected => plain_entry_point(route, traefik, out),
            _ => {}
        }
    }
    for options in scan.graph.raw("TLSOption").filter(|object| object.api_group().starts_with("traefik.")) {
        let version = options.body().attr_at(&["spec", "minVersion"]).and(Value::as_str);
        if let Attr::Known(version @ ("VersionTLS10" | "VersionTLS11"), at) = version {
            out.report(traefik, options, at, "an outdated version")
                .message(format!("{} accepts {version}", options.address()));
        }
    }
}

/// Reports a route without `tls` on the entry point that is plain HTTP by its usual name. Other entry points may have
/// TLS in Traefik's own configuration.
fn plain_entry_point(route: Route<'_>, rule: &'static Rule, out: &mut Findings<'_>) {
    if !route.body().attr_at(&["spec", "tls"]).is_absent() || !route.only_redirects().is_no() {
        return;
    }
    let points = Strings::new(route.body().attr_at(&["spec", "entryPoints"]));
    if let Some(at) = points.find(|name| matches!(name, "web" | "http")) {
        out.report(rule, route, at, "plain HTTP");
    }
}

/// Tells whether Traefik itself is in the input and redirects a whole entry point.
fn entry_point_redirects(scan: &Scan<'_>) -> bool {
    let mut words = scan.graph.containers().flat_map(|container| container.command_line());
    words.any(|word| {
        word.known().is_some_and(|word| {
            let word = word.to_ascii_lowercase();
            word.starts_with("--entrypoints.") && word.contains(".http.redirections.")
        })
    })
}
