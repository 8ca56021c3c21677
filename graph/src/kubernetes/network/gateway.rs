//! Where traffic from outside is taken in: gateways of the Gateway API and of Istio, and how the routes behind them
//! treat plain HTTP.

use iac_model::{Attr, OriginId, Value};

use super::Route;
use crate::edges::is_closest;
use crate::kubernetes::object::{non_empty, object_view};
use crate::kubernetes::{KubernetesView, Labels, Strings};
use crate::{EdgeKind, Graph, NodeKind, Tri, View};

object_view! {
    /// A Gateway of the Gateway API.
    Gateway
}

object_view! {
    /// A Gateway of Istio.
    IstioGateway
}

impl<'g> Graph<'g> {
    /// All Gateways of the Gateway API.
    pub fn gateways<'s>(&'s self) -> impl Iterator<Item = Gateway<'s>> + use<'s, 'g> {
        self.raw("Gateway").filter(|object| object.api_group() == "gateway.networking.k8s.io").map(Gateway)
    }

    /// All Gateways of Istio.
    pub fn istio_gateways<'s>(&'s self) -> impl Iterator<Item = IstioGateway<'s>> + use<'s, 'g> {
        self.raw("Gateway").filter(|object| object.api_group() == "networking.istio.io").map(IstioGateway)
    }
}

fn list<'v>(value: &'v Value, keys: &[&str]) -> &'v [Value] {
    value.at(keys).and_then(Value::as_list).unwrap_or_default()
}

impl<'g> Gateway<'g> {
    /// What implements it.
    pub fn class(self) -> Attr<&'g str> {
        non_empty(self.body().attr_at(&["spec", "gatewayClassName"]).and(Value::as_str))
    }

    /// What it listens for.
    pub fn listeners(self) -> impl Iterator<Item = Listener<'g>> {
        let listeners = list(self.body(), &["spec", "listeners"]).iter();
        listeners.filter(|value| value.as_map().is_some()).map(move |value| Listener { gateway: self, value })
    }

    /// The routes of the input that name it as a parent.
    pub fn routes(self) -> impl Iterator<Item = Route<'g>> {
        let is_self = move |gateway: Gateway<'_>| View::node(gateway) == self.node();
        self.graph().routes().filter(move |route| route.parents_in_input().any(is_self))
    }
}

/// A listener of a Gateway of the Gateway API.
#[derive(Clone, Copy, Debug)]
pub struct Listener<'g> {
    gateway: Gateway<'g>,
    value: &'g Value,
}

impl<'g> Listener<'g> {
    /// Its name.
    pub fn name(self) -> Attr<&'g str> {
        self.value.attr_str("name")
    }

    /// `HTTP`, `HTTPS`, `TLS`, `TCP`, `UDP` or one of the implementation.
    pub fn protocol(self) -> Attr<&'g str> {
        self.value.attr_str("protocol")
    }

    /// The host that it answers for. Absent: every host.
    pub fn hostname(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("hostname"))
    }

    /// The namespaces whose routes may attach: `All`, `Selector`, `Same` or `None`. Absent: Same.
    pub fn route_namespaces(self) -> Attr<&'g str> {
        non_empty(self.value.attr_at(&["allowedRoutes", "namespaces", "from"]).and(Value::as_str))
    }

    /// Tells whether a route attaches to it.
    pub fn takes(self, route: Route<'g>) -> Tri {
        let named = route.parents().filter(|parent| parent.is(self.gateway)).any(|parent| {
            let port = match (parent.value.attr_i64("port").known(), self.value.attr_i64("port").known()) {
                (Some(wanted), Some(port)) => wanted == port,
                _ => true,
            };
            port && match parent.section_name() {
                Attr::Absent(_) => true,
                section => section.known() == self.name().known(),
            }
        });
        let own = route.namespace_or_default() == self.gateway.namespace_or_default();
        let admitted = match self.route_namespaces() {
            Attr::Absent(_) | Attr::Known("Same", _) => own.into(),
            Attr::Known("All", _) => Tri::Yes,
            Attr::Known("None", _) => Tri::No,
            Attr::Known(..) => Tri::Unknown(None),
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        };
        let hosts = Strings::new(route.body().attr_at(&["spec", "hostnames"]));
        let meets = match self.hostname() {
            Attr::Absent(_) => Tri::Yes,
            Attr::Known(..) if hosts.is_empty() => Tri::Yes,
            Attr::Known(own, _) => hosts.any(|host| hosts_meet(own, host)),
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        };
        Tri::from(named).and(admitted).and(meets)
    }

    /// Where it stands.
    pub fn origin(self) -> OriginId {
        self.value.origin
    }
}

/// Tells whether two hosts, each of which may start with `*.`, have a name in common.
fn hosts_meet(one: &str, two: &str) -> bool {
    let under = |wildcard: &str, host: &str| {
        wildcard.strip_prefix('*').is_some_and(|domain| host.trim_start_matches('*').ends_with(domain))
    };
    one.eq_ignore_ascii_case(two) || under(one, two) || under(two, one)
}

/// A Gateway that a route of the Gateway API names.
#[derive(Clone, Copy, Debug)]
pub struct ParentGateway<'g> {
    route: Route<'g>,
    value: &'g Value,
}

impl<'g> ParentGateway<'g> {
    /// The listener it asks for. Absent: all.
    pub fn section_name(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("sectionName"))
    }

    /// Tells whether it is this Gateway.
    fn is(self, gateway: Gateway<'_>) -> bool {
        let kind = self.value.attr_str("kind");
        let namespace = match non_empty(self.value.attr_str("namespace")) {
            Attr::Known(namespace, _) => Some(namespace),
            Attr::Absent(_) => Some(self.route.namespace_or_default()),
            Attr::Unknown(..) => None,
        };
        (kind.is_absent() || kind.is("Gateway"))
            && self.value.attr_str("name").is(gateway.name())
            && namespace == Some(gateway.namespace_or_default())
    }
}

impl<'g> Route<'g> {
    /// The Gateways that a route of the Gateway API names; empty for other routes.
    pub fn parents(self) -> impl Iterator<Item = ParentGateway<'g>> {
        let is_of_gateways = self.api_group() == "gateway.networking.k8s.io";
        let parents = if is_of_gateways { list(self.body(), &["spec", "parentRefs"]) } else { &[] };
        parents.iter().map(move |value| ParentGateway { route: self, value })
    }

    /// Those of them that are in the input.
    pub fn parents_in_input(self) -> impl Iterator<Item = Gateway<'g>> {
        let graph = self.graph();
        graph.gateways().filter(move |gateway| {
            self.parents().any(|parent| parent.is(*gateway))
                && gateway.can_meet(self)
                && is_closest(graph, self.node(), gateway.node())
        })
    }

    /// Tells whether all it does is to send clients to another address, as plain HTTP should do to HTTPS. Open if a
    /// part of it is not in the input.
    pub fn only_redirects(self) -> Tri {
        let each: Vec<Tri> = match self.api_group() {
            "gateway.networking.k8s.io" => {
                let rules = list(self.body(), &["spec", "rules"]).iter();
                rules
                    .map(|rule| {
                        let mut filters = list(rule, &["filters"]).iter();
                        filters.any(|filter| filter.attr_str("type").is("RequestRedirect")).into()
                    })
                    .collect()
            }
            "networking.istio.io" => {
                let rules = list(self.body(), &["spec", "http"]).iter();
                rules.map(|rule| (!rule.attr("redirect").is_absent()).into()).collect()
            }
            "traefik.io" | "traefik.containo.us" => {
                let routes = list(self.body(), &["spec", "routes"]).iter();
                routes.map(|route| self.traefik_redirects(route)).collect()
            }
            _ => Vec::new(),
        };
        let all = each.iter().fold(Tri::Yes, |all, &one| all.and(one));
        if each.is_empty() { Tri::No } else { all }
    }

    /// Traefik: a middleware with `redirectScheme` sends clients to another scheme.
    fn traefik_redirects(self, route: &'g Value) -> Tri {
        let middlewares = list(route, &["middlewares"]).iter();
        middlewares.fold(Tri::No, |found, middleware| {
            let namespace = non_empty(middleware.attr_str("namespace"));
            let namespace = namespace.known().unwrap_or(self.namespace_or_default());
            let graph = self.graph();
            let mut candidates = graph.raw("Middleware").filter(|object| {
                middleware.attr_str("name").is(object.name()) && object.namespace_or_default() == namespace
            });
            found.or(match candidates.next() {
                Some(object) => {
                    let fields = ["redirectScheme", "redirectRegex", "chain"];
                    let mut fields = fields.iter().map(|field| object.body().attr_at(&["spec", field]));
                    fields.any(|field| !field.is_absent()).into()
                }
                None => Tri::Unknown(None),
            })
        })
    }
}

impl<'g> IstioGateway<'g> {
    /// Labels of the proxies that it configures.
    pub fn selector(self) -> Labels<'g> {
        Labels::new(self.body().attr_at(&["spec", "selector"]))
    }

    /// What the proxies listen for.
    pub fn servers(self) -> impl Iterator<Item = IstioServer<'g>> {
        let servers = list(self.body(), &["spec", "servers"]).iter();
        servers.filter(|value| value.as_map().is_some()).map(|value| IstioServer { value })
    }

    /// The VirtualServices of the input that are bound to it.
    pub fn routes(self) -> impl Iterator<Item = Route<'g>> {
        let graph = self.graph();
        let nodes = graph.followed_back(self.node(), EdgeKind::Routes);
        nodes
            .filter(|&node| graph.node(node).kind == NodeKind::HttpRoute)
            .filter_map(|node| graph.object(node))
            .map(Route)
    }
}

/// A server of a Gateway of Istio.
#[derive(Clone, Copy, Debug)]
pub struct IstioServer<'g> {
    value: &'g Value,
}

impl<'g> IstioServer<'g> {
    /// `HTTP`, `HTTP2`, `GRPC`, `HTTPS`, `TLS`, `TCP` or `MONGO`.
    pub fn protocol(self) -> Attr<&'g str> {
        non_empty(self.value.attr_at(&["port", "protocol"]).and(Value::as_str))
    }

    /// The hosts that it serves.
    pub fn hosts(self) -> Strings<'g> {
        Strings::new(self.value.attr("hosts"))
    }

    /// `SIMPLE`, `MUTUAL`, `PASSTHROUGH` and others. Absent: SIMPLE for a server of a protocol with TLS.
    pub fn tls_mode(self) -> Attr<&'g str> {
        non_empty(self.value.attr_at(&["tls", "mode"]).and(Value::as_str))
    }

    /// Sends clients of plain HTTP to HTTPS. Absent: false.
    pub fn redirects_to_https(self) -> Attr<bool> {
        self.value.attr_at(&["tls", "httpsRedirect"]).and(Value::as_bool)
    }

    /// The oldest version of TLS that it accepts: `TLSV1_0` to `TLSV1_3`. Absent: TLSV1_2.
    pub fn min_tls_version(self) -> Attr<&'g str> {
        non_empty(self.value.attr_at(&["tls", "minProtocolVersion"]).and(Value::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::hosts_meet;
    use crate::fixture::graph;
    use crate::kubernetes::KubernetesView;
    use crate::{Tri, View};

    #[test]
    fn hosts_meet_by_their_domain() {
        for (one, two, expected) in [
            ("a.example.com", "a.example.com", true),
            ("*.example.com", "a.example.com", true),
            ("a.example.com", "*.example.com", true),
            ("*.example.com", "*.a.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", "a.example.org", false),
            ("a.example.com", "b.example.com", false),
        ] {
            assert_eq!(hosts_meet(one, two), expected, "{one} {two}");
        }
    }

    #[test]
    fn listeners_take_the_routes_that_name_them() {
        let graph = graph(
            "
{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, namespace: x}, spec: {listeners: [
  {name: a, protocol: HTTP, port: 80},
  {name: b, protocol: HTTPS, port: 443, hostname: '*.example.com', allowedRoutes: {namespaces: {from: All}}}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: plain, namespace: x}, spec: {parentRefs: [{name: g}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: named, namespace: x}, spec: {
  parentRefs: [{name: g, sectionName: b}], hostnames: [a.example.org],
  rules: [{filters: [{type: RequestRedirect}]}]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: far, namespace: y}, spec: {
  parentRefs: [{name: g, namespace: x}], rules: [{backendRefs: [{name: s}]}]}}
",
        );
        let gateway = graph.gateways().next().expect("there is one");
        let taken: Vec<_> = gateway
            .listeners()
            .flat_map(|listener| gateway.routes().map(move |route| (listener, route)))
            .map(|(listener, route)| {
                (listener.name().known().unwrap_or_default(), route.name(), listener.takes(route) == Tri::Yes)
            })
            .collect();
        assert_eq!(
            taken,
            [
                ("a", "plain", true),
                ("a", "named", false),
                ("a", "far", false),
                ("b", "plain", true),
                ("b", "named", false),
                ("b", "far", true),
            ]
        );
        let redirecting: Vec<_> = graph
            .routes()
            .filter(|route| route.only_redirects().is_yes())
            .map(|route| route.address())
            .collect();
        assert_eq!(redirecting, ["HTTPRoute/x/named"]);
    }
}
