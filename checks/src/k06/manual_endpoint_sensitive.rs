use crate::prelude::*;

rule! {
    /// Endpoints that somebody wrote by hand lead to the metadata service, to the node itself or to the cluster's own
    /// components.
    ///
    /// ## Why it matters
    /// Whatever follows the Service (an ingress controller, a load balancer, another pod) then reaches what network
    /// policies and firewalls keep from its clients (CVE-2021-25740).
    ///
    /// ## How to fix
    /// Remove the endpoints, or name the service that clients are meant to reach.
    ///
    /// ## References
    /// - CVE-2021-25740
    /// - Kubernetes, Service: Services without selectors
    RULE = {
        id: "manual-endpoint-sensitive",
        owasp: K06,
        severity: High,
        title: "the endpoints lead to where clients must not get",
        tags: ["external/cwe/cwe-441"],
        check,
    }
}

/// Ports of the API server and the kubelet.
const PORTS: [(i64, &str); 2] = [(6443, "an API server"), (10250, "a kubelet")];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for endpoints in scan.graph.raw("Endpoints").filter(|object| object.api_group().is_empty()) {
        for subset in list(endpoints.body(), "subsets") {
            let addresses = list(subset, "addresses").iter().map(|address| address.attr_str("ip"));
            judge(endpoints, addresses, list(subset, "ports"), out);
        }
    }
    for slice in scan.graph.raw("EndpointSlice").filter(|object| object.api_group() == "discovery.k8s.io") {
        let addresses = list(slice.body(), "endpoints")
            .iter()
            .flat_map(|endpoint| Strings::new(endpoint.attr("addresses")).iter());
        judge(slice, addresses, list(slice.body(), "ports"), out);
    }
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}

fn judge<'v>(
    object: Object<'_>,
    addresses: impl Iterator<Item = Attr<&'v str>>,
    ports: &[Value],
    out: &mut Findings<'_>,
) {
    // The API server writes its own.
    if object.namespace() == Some("default") && object.name() == "kubernetes" {
        return;
    }
    let mut written = false;
    for address in addresses {
        let Attr::Known(address, at) = address else { continue };
        written = true;
        if let Some(place) = special(address) {
            out.report(&RULE, object, at, place)
                .message(format!("{} leads to {address}: {place}", object.address()));
        }
    }
    for port in ports.iter().filter(|_| written) {
        let Attr::Known(number, at) = port.attr_i64("port") else { continue };
        if let Some((_, program)) = PORTS.iter().find(|(known, _)| *known == number) {
            out.report(&RULE, object, at, format!("the port of {program}"))
                .message(format!("{} leads to {program} (port {number})", object.address()));
        }
    }
}

fn special(address: &str) -> Option<&'static str> {
    let range = AddressRange::parse(address)?;
    let within = |outer: &str| AddressRange::parse(outer).is_some_and(|outer| outer.covers(range));
    [
        ("169.254.0.0/16", "link-local addresses, such as the metadata service"),
        ("fe80::/10", "link-local addresses"),
        ("127.0.0.0/8", "the node that follows it"),
        ("::1/128", "the node that follows it"),
    ]
    .into_iter()
    .find_map(|(outer, place)| within(outer).then_some(place))
}
