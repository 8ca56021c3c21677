//! Service meshes: traffic in the clear, rules for nobody, and ways around the proxy.

use iac_graph::kubernetes::Strings;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// The mesh takes or sends traffic in the clear.
        ///
        /// ## Why it matters
        /// Without mutual TLS there is no proof who speaks: rules by identity do not hold, and traffic can be read on the
        /// way.
        ///
        /// ## How to fix
        /// Set `mtls.mode: STRICT`; leave `tls.mode` of DestinationRules at `ISTIO_MUTUAL`.
        ///
        /// ## References
        /// - Istio, PeerAuthentication
        /// - Istio, Security Best Practices
        id: "mesh-mtls-permissive",
        owasp: K05,
        severity: Medium,
        title: "the mesh takes traffic in the clear",
        tags: ["external/cwe/cwe-319"],
    },
    rule_row! {
        /// An authorization policy of the mesh allows everybody.
        ///
        /// ## Why it matters
        /// A rule without conditions fits every request, those without an identity too.
        ///
        /// ## How to fix
        /// Name the callers in `from` and what they may do in `to`.
        ///
        /// ## References
        /// - Istio, AuthorizationPolicy
        id: "mesh-authorization-allow-all",
        owasp: K05,
        severity: Medium,
        title: "the mesh's authorization policy allows everybody",
        tags: ["external/cwe/cwe-284"],
    },
    rule_row! {
        /// Traffic of the pods goes around the proxy of the mesh.
        ///
        /// ## Why it matters
        /// Neither encryption nor authorization of the mesh holds for it.
        ///
        /// ## How to fix
        /// Remove the annotation, or name the single port or address that cannot do without.
        ///
        /// ## References
        /// - Istio, Resource Annotations
        /// - Linkerd, Proxy Configuration
        id: "mesh-traffic-bypass",
        owasp: K05,
        severity: Low,
        title: "traffic goes around the mesh",
        tags: ["external/cwe/cwe-693"],
    },
];

/// The namespace whose PeerAuthentication holds for the whole mesh.
const ROOT: &str = "istio-system";

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    peer_authentication(scan, out);
    destinations(scan, out);
    authorization(scan, out);
    for workload in scan.graph.workloads().filter(|workload| !workload.is_batch() && !workload.is_test_hook())
    {
        if let Some((at, label)) = bypass(scan.graph, workload) {
            out.report(&RULES[2], workload, at, label);
        }
    }
}

fn mode(value: &Value) -> Attr<&str> {
    value.attr_at(&["mtls", "mode"]).and(Value::as_str)
}

fn peer_authentication(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let policies =
        || scan.graph.raw("PeerAuthentication").filter(|one| one.api_group() == "security.istio.io");
    let is_root = |policy: &Object<'_>| {
        policy.namespace() == Some(ROOT) && policy.body().at(&["spec", "selector"]).is_none()
    };
    let strict = policies()
        .filter(is_root)
        .any(|policy| policy.body().get("spec").is_some_and(|spec| mode(spec).is("STRICT")));
    for policy in policies() {
        let Some(spec) = policy.body().get("spec") else { continue };
        match mode(spec) {
            Attr::Known("DISABLE", at) => {
                out.report(&RULES[0], policy, at, "no TLS at all");
            }
            Attr::Known("PERMISSIVE", at) if is_root(&policy) || strict => {
                out.report(&RULES[0], policy, at, "TLS if the caller likes");
            }
            Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => {}
        }
        for entry in spec.get("portLevelMtls").and_then(Value::as_map).into_iter().flatten() {
            match entry.value.attr_str("mode") {
                Attr::Known("DISABLE", at) => {
                    out.report(&RULES[0], policy, at, "no TLS on this port").weigh(-15);
                }
                Attr::Known("PERMISSIVE", at) => {
                    out.report(&RULES[0], policy, at, "TLS if the caller likes").weigh(-20);
                }
                Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => {}
            }
        }
    }
}

fn destinations(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let rules = scan.graph.raw("DestinationRule").filter(|one| one.api_group() == "networking.istio.io");
    for rule in rules {
        let Some(spec) = rule.body().get("spec") else { continue };
        // A host without dots is a Service of the namespace; others may be outside, where TLS is somebody else's.
        let inside = spec
            .attr_str("host")
            .known()
            .is_some_and(|host| !host.contains('.') || host.ends_with(".local") || host.ends_with(".svc"));
        if !inside {
            continue;
        }
        let subsets = spec.get("subsets").and_then(Value::as_list).unwrap_or_default();
        let policies = [spec].into_iter().chain(subsets).filter_map(|one| one.get("trafficPolicy"));
        for policy in policies {
            let ports = policy.get("portLevelSettings").and_then(Value::as_list).unwrap_or_default();
            for one in [policy].into_iter().chain(ports) {
                if let Attr::Known("DISABLE", at) = one.attr_at(&["tls", "mode"]).and(Value::as_str) {
                    out.report(&RULES[0], rule, at, "sent in the clear");
                }
            }
        }
    }
}

/// Lists of a source that name everybody by a wildcard without asking for an identity.
const OPEN: [(&str, &[&str]); 2] =
    [("ipBlocks", &["0.0.0.0/0", "::/0"]), ("remoteIpBlocks", &["0.0.0.0/0", "::/0"])];

fn authorization(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let policies = scan.graph.raw("AuthorizationPolicy").filter(|one| one.api_group() == "security.istio.io");
    for policy in policies {
        let Some(spec) = policy.body().get("spec") else { continue };
        let action = spec.attr_str("action");
        // Gateways are there for everybody.
        let gateway = Selector::full(spec.attr("selector"))
            .labels()
            .iter()
            .any(|(_, value)| value.as_str().is_some_and(|value| value.contains("gateway")));
        if gateway || !(action.is_absent() || action.is("ALLOW")) {
            continue;
        }
        for rule in spec.get("rules").and_then(Value::as_list).unwrap_or_default() {
            let unset = |key: &str| match rule.attr(key) {
                Attr::Absent(_) => true,
                Attr::Known(list, _) => list.as_list().is_some_and(<[Value]>::is_empty),
                Attr::Unknown(..) => false,
            };
            if rule.symbol().is_none() && ["from", "to", "when"].into_iter().all(unset) {
                out.report(&RULES[1], policy, rule.origin, "a rule without conditions");
                continue;
            }
            for source in rule.get("from").and_then(Value::as_list).unwrap_or_default() {
                let Some(source) = source.get("source").and_then(Value::as_map).filter(|map| map.len() == 1)
                else {
                    continue;
                };
                let open = OPEN.iter().find_map(|(key, wild)| {
                    Strings::new(
                        source
                            .get(key)
                            .map_or(Attr::Absent(rule.origin), |list| Attr::Known(list, list.origin)),
                    )
                    .find(|text| wild.contains(&text))
                });
                if let Some(at) = open.filter(|_| unset("to") && unset("when")) {
                    out.report(&RULES[1], policy, at, "every address");
                }
            }
        }
    }
}

/// Where pods of a mesh leave it, and how.
fn bypass(graph: &Graph<'_>, workload: Workload<'_>) -> Option<(OriginId, &'static str)> {
    let (annotations, labels) = (workload.pod_annotations(), workload.pod_labels());
    let known = |key: &str| match annotations.get(key) {
        Attr::Known(value, at) => Some((value, at)),
        Attr::Absent(_) | Attr::Unknown(..) => None,
    };
    let wild = |list: &str| list.split(',').any(|one| matches!(one.trim(), "*" | "0.0.0.0/0"));
    for key in ["excludeInboundPorts", "excludeOutboundIPRanges", "excludeOutboundPorts"] {
        if let Some((_, at)) =
            known(&format!("traffic.sidecar.istio.io/{key}")).filter(|(list, _)| wild(list))
        {
            return Some((at, "all of it goes around the proxy"));
        }
    }
    for key in ["skip-inbound-ports", "skip-outbound-ports"] {
        let all = |list: &str| list.split(',').any(|one| matches!(one.trim(), "1-65535" | "0-65535"));
        if let Some((_, at)) = known(&format!("config.linkerd.io/{key}")).filter(|(list, _)| all(list)) {
            return Some((at, "all of it goes around the proxy"));
        }
    }
    let namespace = graph
        .namespaces_named(workload.namespace_or_default())
        .filter(|namespace| namespace.can_meet(workload))
        .find_map(|namespace| namespace.object())?;
    let istio = namespace.labels().get("istio-injection").is("enabled")
        || namespace.labels().get("istio.io/rev").known().is_some();
    let linkerd = namespace.annotations().get("linkerd.io/inject").is("enabled");
    let off = |attr: Attr<&str>, word: &str| match attr {
        Attr::Known(value, at) if value == word => Some(at),
        Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
    };
    let istio_off = off(labels.get("sidecar.istio.io/inject"), "false")
        .or(off(annotations.get("sidecar.istio.io/inject"), "false"))
        .filter(|_| istio);
    let linkerd_off = off(annotations.get("linkerd.io/inject"), "disabled").filter(|_| linkerd);
    let host = match workload.host_network() {
        Attr::Known(true, at) if istio || linkerd => Some(at),
        Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
    };
    istio_off
        .or(linkerd_off)
        .map(|at| (at, "no proxy although the namespace has one"))
        .or(host.map(|at| (at, "pods on the host's network get no proxy")))
}
