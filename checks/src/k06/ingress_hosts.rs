//! Hosts and paths that ingresses and routes claim: too many of them, or those of others.

use std::collections::BTreeMap;

use iac_graph::kubernetes::Ingress;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// Two namespaces claim the same host and path.
        ///
        /// ## Why it matters
        /// The controller takes one of them, usually the older: whoever may write an Ingress in one namespace receives
        /// requests, with cookies and passwords, that are meant for the other.
        ///
        /// ## How to fix
        /// Decide which namespace serves the path, and remove it from the other.
        ///
        /// ## References
        /// - Kubernetes, Ingress: Hostname wildcards, multiple matches
        id: "ingress-host-collision",
        owasp: K06,
        severity: Medium,
        title: "two namespaces claim the same host and path",
        tags: ["external/cwe/cwe-668"],
    },
    rule_row! {
        /// The ingress answers for all hosts of a top-level or shared domain, or for every host.
        ///
        /// ## Why it matters
        /// It receives requests for names that others own or will own on the same controller.
        ///
        /// ## How to fix
        /// Name the host, or a wildcard below a domain of your own: `*.shop.example.com`.
        ///
        /// ## References
        /// - Kubernetes, Ingress: Hostname wildcards
        id: "ingress-wildcard-host",
        owasp: K06,
        severity: Low,
        title: "the ingress answers for hosts that are not its own",
        tags: ["external/cwe/cwe-668"],
    },
    rule_row! {
        /// The ingress takes requests for every host that nobody else names.
        ///
        /// ## Why it matters
        /// On a shared controller its program is reached by names and paths that its author did not think of.
        ///
        /// ## How to fix
        /// Give each rule a `host`, and leave the default backend to the controller.
        ///
        /// ## References
        /// - Kubernetes, Ingress: DefaultBackend
        id: "ingress-default-backend",
        owasp: K06,
        severity: Info,
        persona: Pedantic,
        title: "the ingress takes requests for every host",
    },
];

/// Domains below which anybody can have names.
const SHARED: [&str; 12] = [
    "amazonaws.com",
    "azurewebsites.net",
    "cloudapp.azure.com",
    "cloudapp.net",
    "co.uk",
    "com.au",
    "com.br",
    "herokuapp.com",
    "nip.io",
    "sslip.io",
    "xip.io",
    "elb.amazonaws.com",
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [collision, wildcard, every_host] = &RULES;
    for ingress in scan.graph.ingresses() {
        for host in ingress.hosts() {
            match host {
                Attr::Known(host, at) if is_of_others(host) => {
                    out.report(wildcard, ingress, at, "a host of others")
                        .message(format!("{} answers for {host}", ingress.address()));
                }
                Attr::Absent(at) => {
                    out.report(every_host, ingress, at, "`host` is missing");
                }
                Attr::Known(..) | Attr::Unknown(..) => {}
            }
        }
        for field in ["backend", "defaultBackend"] {
            if let Attr::Known(_, at) = ingress.body().attr_at(&["spec", field]) {
                out.report(every_host, ingress, at, "what nobody else takes comes here");
            }
        }
    }
    for route in scan.graph.routes().filter(|route| route.api_group() == "gateway.networking.k8s.io") {
        let hosts = Strings::new(route.body().attr_at(&["spec", "hostnames"]));
        for (host, at) in hosts.known().filter(|(host, _)| is_of_others(host)) {
            out.report(wildcard, route, at, "a host of others")
                .message(format!("{} answers for {host}", route.address()));
        }
    }
    if out.wants(collision) {
        collisions(scan, collision, out);
    }
}

fn is_of_others(host: &str) -> bool {
    match host.strip_prefix("*.") {
        Some(domain) => !domain.contains('.') || SHARED.contains(&domain),
        None => host == "*",
    }
}

/// A path that somebody claims, with the place that says so.
struct Claim<'g> {
    object: Object<'g>,
    at: OriginId,
}

fn collisions(scan: &Scan<'_>, rule: &'static Rule, out: &mut Findings<'_>) {
    let mut claims: BTreeMap<(String, String, String), Vec<Claim<'_>>> = BTreeMap::new();
    for ingress in scan.graph.ingresses().filter(|ingress| claims_alone(*ingress)) {
        let class = match ingress.class() {
            Attr::Known(class, _) => class,
            Attr::Absent(_) => "",
            Attr::Unknown(..) => continue,
        };
        for path in ingress.paths() {
            let (Attr::Known(host, at), false) = (path.host, path.path.is_unknown()) else { continue };
            let key =
                (class.to_owned(), host.to_ascii_lowercase(), path.path.known().unwrap_or("/").to_owned());
            claims.entry(key).or_default().push(Claim { object: ingress.object(), at });
        }
    }
    for route in scan.graph.routes().filter(|route| route.api_group() == "route.openshift.io") {
        let spec = |field| route.body().attr_at(&["spec", field]).and(Value::as_str);
        let (Attr::Known(host, at), false) = (spec("host"), spec("path").is_unknown()) else { continue };
        let path = spec("path").known().unwrap_or("/").to_owned();
        let key = ("OpenShift".to_owned(), host.to_ascii_lowercase(), path);
        claims.entry(key).or_default().push(Claim { object: route.object(), at });
    }
    for ((_, host, path), claims) in claims {
        for (index, late) in claims.iter().enumerate() {
            let Some(early) = claims[..index].iter().find(|early| collide(scan, early, late)) else {
                continue;
            };
            out.report(rule, late.object, late.at, "claimed twice")
                .message(format!(
                    "{} and {} both claim {host}{path}",
                    early.object.address(),
                    late.object.address()
                ))
                .proof(early.object.node(), early.at, "claimed here too");
        }
    }
}

/// Tells whether what it claims is meant to be its own: no canary beside another, no part of a merged ingress.
fn claims_alone(ingress: Ingress<'_>) -> bool {
    let annotations = ingress.annotations();
    !annotations.is_open()
        && annotations.get("nginx.ingress.kubernetes.io/canary").is_absent()
        && annotations.get("nginx.org/mergeable-ingress-type").is_absent()
}

/// Files that lie in different directories are often for different clusters, and namespaces that nobody named are not
/// known to differ.
fn collide(scan: &Scan<'_>, one: &Claim<'_>, two: &Claim<'_>) -> bool {
    let directory = |object: Object<'_>| {
        let unit = scan.graph.units().get(object.resource()?.unit.0 as usize)?;
        Some(unit.path.rsplit_once('/').map_or("", |(directory, _)| directory).to_owned())
    };
    let named = |object: Object<'_>| !object.has_assumed_namespace() && object.namespace().is_some();
    named(one.object)
        && named(two.object)
        && one.object.namespace() != two.object.namespace()
        && one.object.can_meet(two.object)
        && (scan.graph.settings().closed_world || directory(one.object) == directory(two.object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_of_others_are_told_from_ones_own() {
        assert!(["*", "*.com", "*.nip.io", "*.co.uk"].into_iter().all(is_of_others));
        assert!(!["a.com", "*.example.com", "*.a.nip.io", ""].into_iter().any(is_of_others));
    }
}
