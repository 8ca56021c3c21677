//! What leads from outside to Services: Ingresses and the routes of the Gateway API, Istio, OpenShift and Traefik.

use iac_model::{Attr, OriginId, Value};

use crate::kubernetes::object::{non_empty, object_view};
use crate::kubernetes::{Ingress, KubernetesView, Strings};
use crate::{Graph, NodeKind, Tri};

object_view! {
    /// A route to Services that is no Ingress: HTTPRoute and its kin, VirtualService, OpenShift Route, IngressRoute.
    Route
}

/// A Service that an Ingress or a route leads to.
#[derive(Clone, Copy, Debug)]
pub struct Backend<'g> {
    /// The Service's name.
    pub service: Attr<&'g str>,
    /// Its namespace, where that is not the route's own.
    pub namespace: Attr<&'g str>,
    /// Its port: number or name.
    pub port: Attr<&'g Value>,
    /// Where it stands.
    pub origin: OriginId,
}

impl<'g> Graph<'g> {
    /// All routes to Services that are no Ingresses.
    pub fn routes<'s>(&'s self) -> impl Iterator<Item = Route<'s>> + use<'s, 'g> {
        self.nodes_of(NodeKind::HttpRoute).filter_map(|(node, _)| self.object(node)).map(Route)
    }
}

impl<'g> Ingress<'g> {
    /// The Services that it leads to.
    pub fn backends(self) -> Vec<Backend<'g>> {
        let paths = self.paths().into_iter();
        let backend =
            |service, port, origin| Backend { service, namespace: Attr::Absent(origin), port, origin };
        paths.map(|path| backend(path.service, path.port, path.origin)).collect()
    }

    /// Tells whether it answers only inside the private network: by its class, or by what its controller's annotations
    /// say.
    pub fn is_internal(self) -> Tri {
        let annotation = |key: &str| self.annotations().get(key);
        let class = match self.class() {
            Attr::Unknown(symbol, _) => return Tri::Unknown(Some(symbol)),
            class => class.known().unwrap_or_default(),
        };
        if class.contains("internal") || class.contains("private") {
            return Tri::Yes;
        }
        if let Attr::Known(scheme, _) = annotation("alb.ingress.kubernetes.io/scheme") {
            return (scheme != "internet-facing").into();
        }
        if annotation("appgw.ingress.kubernetes.io/use-private-ip").is("true") {
            return Tri::Yes;
        }
        // AWS Load Balancer Controller: `scheme` is `internal` unless the class parameters say otherwise.
        (class == "alb").into()
    }
}

impl<'g> Route<'g> {
    /// The Services that it leads to.
    pub fn backends(self) -> Vec<Backend<'g>> {
        match self.api_group() {
            "gateway.networking.k8s.io" => self.gateway_backends(),
            "networking.istio.io" => self.istio_backends(),
            "route.openshift.io" => self.openshift_backends(),
            _ => self.traefik_backends(),
        }
    }

    fn spec(self, key: &str) -> &'g [Value] {
        self.body().at(&["spec", key]).and_then(Value::as_list).unwrap_or_default()
    }

    fn gateway_backends(self) -> Vec<Backend<'g>> {
        let references = self
            .spec("rules")
            .iter()
            .flat_map(|rule| rule.get("backendRefs").and_then(Value::as_list).unwrap_or_default());
        let services = references.filter(|reference| match reference.attr_str("kind") {
            Attr::Absent(_) => true,
            kind => kind.is("Service"),
        });
        services.map(named).collect()
    }

    fn openshift_backends(self) -> Vec<Backend<'g>> {
        let main = self.body().at(&["spec", "to"]).into_iter();
        let port = self.body().attr_at(&["spec", "port", "targetPort"]);
        main.chain(self.spec("alternateBackends")).map(|to| Backend { port, ..named(to) }).collect()
    }

    fn traefik_backends(self) -> Vec<Backend<'g>> {
        let services = self
            .spec("routes")
            .iter()
            .flat_map(|route| route.get("services").and_then(Value::as_list).unwrap_or_default());
        services.filter(|service| !service.attr_str("kind").is("TraefikService")).map(named).collect()
    }

    /// Istio: a destination's host is a short name, `name.namespace`, or the full name of the Service.
    fn istio_backends(self) -> Vec<Backend<'g>> {
        let rules = ["http", "tcp", "tls"].into_iter().flat_map(|key| self.spec(key));
        let routes = rules.flat_map(|rule| rule.get("route").and_then(Value::as_list).unwrap_or_default());
        let destinations = routes.filter_map(|route| route.get("destination"));
        destinations
            .map(|destination| {
                let host = destination.attr_str("host");
                let mut parts = host.known().unwrap_or_default().split('.');
                let (name, namespace) = (parts.next(), parts.next());
                Backend {
                    service: match (host, name) {
                        (Attr::Known(_, origin), Some(name)) => Attr::Known(name, origin),
                        _ => host,
                    },
                    namespace: match namespace {
                        Some(namespace) => Attr::Known(namespace, destination.origin),
                        None => Attr::Absent(destination.origin),
                    },
                    port: destination.attr_at(&["port", "number"]),
                    origin: destination.origin,
                }
            })
            .collect()
    }

    /// Names of the gateways it is attached to. Absent: for Istio the mesh alone, for others the default entry point.
    pub fn gateways(self) -> Vec<Attr<&'g str>> {
        match self.api_group() {
            "gateway.networking.k8s.io" => {
                self.spec("parentRefs").iter().map(|parent| parent.attr_str("name")).collect()
            }
            "networking.istio.io" => {
                Strings::new(self.body().attr_at(&["spec", "gateways"])).iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Tells whether it answers only inside the private network.
    pub fn is_internal(self) -> Tri {
        match self.api_group() {
            "networking.istio.io" => {
                let gateways = self.gateways();
                let outside = gateways.iter().any(|gateway| !gateway.is("mesh"));
                Tri::from(!outside)
            }
            "gateway.networking.k8s.io" => {
                let internal = self.parents_in_input().any(|gateway| {
                    gateway.class().known().is_some_and(|class| {
                        class.contains("internal")
                            || class.contains("private")
                            || class.ends_with("-ilb")
                            || class.contains("rilb")
                    })
                });
                internal.into()
            }
            _ => Tri::No,
        }
    }
}

fn named(value: &Value) -> Backend<'_> {
    Backend {
        service: non_empty(value.attr_str("name")),
        namespace: non_empty(value.attr_str("namespace")),
        port: value.attr("port"),
        origin: value.origin,
    }
}
