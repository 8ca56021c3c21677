//! Annotations of ingress-nginx that reach into its configuration.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// The annotation holds characters that end the directive it is put into.
        ///
        /// ## Why it matters
        /// What follows becomes configuration of the shared controller, which can read every Secret of the cluster
        /// (CVE-2025-1097, CVE-2025-1098, CVE-2025-24514).
        ///
        /// ## How to fix
        /// Remove the characters, and upgrade the controller.
        ///
        /// ## References
        /// - CVE-2025-1974 and its companions
        id: "ingress-nginx-injection",
        owasp: K06,
        also: [K07],
        severity: Critical,
        title: "the annotation injects configuration into ingress-nginx",
        tags: ["external/cwe/cwe-74"],
    },
    rule_row! {
        /// A snippet is configuration that the author of an Ingress writes into the shared controller.
        ///
        /// ## Why it matters
        /// It can read files of the controller, its token among them, and so every Secret that it may read
        /// (CVE-2021-25742).
        ///
        /// ## How to fix
        /// Use a typed annotation or a Gateway API filter, and set `allow-snippet-annotations: "false"`.
        ///
        /// ## References
        /// - CVE-2021-25742
        /// - ingress-nginx, Annotations Risk
        id: "ingress-nginx-snippet",
        owasp: K06,
        severity: High,
        title: "the ingress writes raw configuration into ingress-nginx",
        tags: ["external/cwe/cwe-74"],
    },
    rule_row! {
        /// The annotation is one of those that the project itself calls risky.
        ///
        /// ## Why it matters
        /// Its value goes into directives of the shared controller; flaws in how such values are checked were found
        /// again and again.
        ///
        /// ## How to fix
        /// See whether the annotation is needed, and keep the controller up to date; `annotations-risk-level: Medium`
        /// refuses such annotations.
        ///
        /// ## References
        /// - ingress-nginx, Annotations Risk
        id: "ingress-nginx-risky-annotation",
        owasp: K06,
        severity: Info,
        persona: Pedantic,
        title: "the annotation is risky by the judgement of its project",
    },
];

const PREFIX: &str = "nginx.ingress.kubernetes.io/";

/// ingress-nginx, Annotations Risk: Critical.
const SNIPPETS: [&str; 5] =
    ["auth-snippet", "configuration-snippet", "modsecurity-snippet", "server-snippet", "stream-snippet"];

/// ingress-nginx, Annotations Risk: High.
const RISKY: [&str; 10] = [
    "auth-signin",
    "auth-tls-error-page",
    "auth-tls-match-cn",
    "auth-url",
    "mirror-host",
    "mirror-target",
    "modsecurity-transaction-id",
    "proxy-ssl-name",
    "server-alias",
    "upstream-hash-by",
];

/// Annotations whose values are put into directives as they are.
const RAW: [&str; 11] = [
    "auth-method",
    "auth-proxy-set-headers",
    "auth-signin",
    "auth-tls-match-cn",
    "auth-url",
    "mirror-host",
    "mirror-target",
    "rewrite-target",
    "server-alias",
    "session-cookie-path",
    "x-forwarded-prefix",
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [injection, snippet, risky] = &RULES;
    for ingress in scan.graph.ingresses() {
        if matches!(ingress.class(), Attr::Known(class, _) if !class.contains("nginx")) {
            continue;
        }
        for (key, value) in ingress.annotations().iter() {
            let Some(name) = key.strip_prefix(PREFIX) else { continue };
            if RISKY.contains(&name) {
                out.report(risky, ingress, value.origin, "risky")
                    .message(format!("{} sets {name}", ingress.address()));
            }
            if SNIPPETS.contains(&name) {
                out.report(snippet, ingress, value.origin, "raw configuration")
                    .message(format!("{} sets {name}", ingress.address()));
            } else if RAW.contains(&name)
                && value
                    .as_str()
                    .is_some_and(|text| text.contains(['\n', '\r', ';', '{', '}', '#', '"', '`', '\'']))
            {
                // The part of a URL behind a question mark may hold variables in braces: `$request_uri` needs none.
                out.report(injection, ingress, value.origin, "ends the directive");
            }
        }
    }
}
