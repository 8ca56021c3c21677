//! Gateways of the Gateway API: what they take in, and what may reach across namespaces.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// The gateway serves its routes over plain HTTP.
        ///
        /// ## Why it matters
        /// Passwords, cookies and data cross the network in the clear, and can be changed on the way.
        ///
        /// ## How to fix
        /// Add a listener with `protocol: HTTPS` and a certificate, and let the HTTP listener only redirect: attach to
        /// it a route whose rules have a `RequestRedirect` filter, and all others to the HTTPS listener by
        /// `sectionName`.
        ///
        /// ## References
        /// - Gateway API, HTTP path redirects and rewrites: HTTP-to-HTTPS redirects
        id: "gateway-listener-plaintext",
        owasp: K06,
        severity: Medium,
        title: "the gateway serves routes without TLS",
        tags: ["external/cwe/cwe-319"],
    },
    rule_row! {
        /// Every namespace may attach routes to the listener.
        ///
        /// ## Why it matters
        /// Whoever may write routes in any namespace puts services on this address and, where no host is reserved,
        /// takes over hosts and paths of others.
        ///
        /// ## How to fix
        /// Use `from: Selector` with a label that only administrators set on namespaces, or `from: Same`.
        ///
        /// ## References
        /// - Gateway API, Cross-Namespace routing
        id: "gateway-open-attachment",
        owasp: K06,
        severity: Medium,
        title: "every namespace may attach routes to the gateway",
        tags: ["external/cwe/cwe-668"],
    },
    rule_row! {
        /// The grant opens all Secrets of its namespace to another namespace.
        ///
        /// ## Why it matters
        /// Gateways of the other namespace can use each Secret as their certificate, those that are not written yet
        /// too.
        ///
        /// ## How to fix
        /// Name the Secret in `to[].name`, one entry for each.
        ///
        /// ## References
        /// - Gateway API, ReferenceGrant
        id: "reference-grant-broad",
        owasp: K06,
        also: [K03],
        severity: Medium,
        title: "the grant opens every Secret of the namespace",
        tags: ["external/cwe/cwe-668"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [plaintext, open, grant] = &RULES;
    for gateway in scan.graph.gateways() {
        for listener in gateway.listeners() {
            serves_plain_http(gateway, listener, plaintext, out);
            if let Attr::Known("All", at) = listener.route_namespaces() {
                out.report(open, gateway, at, "routes of every namespace");
            }
        }
    }
    for object in scan.graph.raw("ReferenceGrant") {
        if object.api_group() != "gateway.networking.k8s.io" {
            continue;
        }
        for to in object.body().at(&["spec", "to"]).and_then(Value::as_list).unwrap_or_default() {
            let group = to.attr_str("group");
            let is_core = group.is_absent() || group.is("");
            let name = to.attr_str("name");
            if let (true, Attr::Known("Secret", at)) = (is_core, to.attr_str("kind"))
                && (name.is_absent() || name.is(""))
            {
                out.report(grant, object, at, "every Secret: `name` is missing");
            }
        }
    }
}

fn serves_plain_http(
    gateway: Gateway<'_>,
    listener: Listener<'_>,
    rule: &'static Rule,
    out: &mut Findings<'_>,
) {
    let Attr::Known("HTTP", at) = listener.protocol() else { return };
    // Inside a mesh the proxies encrypt; that a gateway ends TLS at its load balancer stands in annotations.
    if matches!(gateway.class(), Attr::Known(class, _) if class.contains("waypoint") || class.contains("mesh"))
        || ends_tls_before(gateway)
    {
        return;
    }
    let taken: Vec<_> = gateway.routes().filter(|route| listener.takes(*route).is_yes()).collect();
    if let Some(route) = taken.iter().find(|route| route.only_redirects().is_no()) {
        let finding = out.report(rule, gateway, at, "plain HTTP");
        finding.message(format!("{} serves {} over plain HTTP", gateway.address(), route.address()));
        if let Some(origin) = route.origin() {
            finding.proof(View::node(*route), origin, "this route serves plain HTTP");
        }
    } else if taken.is_empty() && gateway.listeners().all(|other| other.protocol().is("HTTP")) {
        out.report(rule, gateway, at, "plain HTTP, and no listener has TLS");
    }
}

/// Tells whether a load balancer in front of the gateway has the certificate, or may have it.
fn ends_tls_before(gateway: Gateway<'_>) -> bool {
    let infrastructure = Labels::new(gateway.body().attr_at(&["spec", "infrastructure", "annotations"]));
    [gateway.annotations(), infrastructure].iter().any(|annotations| {
        annotations.is_open()
            || annotations.iter().any(|(key, _)| {
                ["certificate", "certmap", "ssl-cert", "tls-ports"].iter().any(|part| key.contains(part))
            })
    })
}
