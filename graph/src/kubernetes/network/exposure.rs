//! What can be reached from outside the cluster.

use iac_model::{Attr, OriginId, Value};

use super::traffic::Peer;
use super::{AddressRange, Direction, Ports, Protocol, Route};
use crate::kubernetes::{Ingress, KubernetesView, Service, Workload};
use crate::{EdgeKind, NodeId, NodeKind, Tri, View};

/// From where something can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reach {
    /// From the network around the cluster: node ports, internal load balancers, limited source ranges.
    Network,
    /// From the internet.
    Internet,
}

/// One way in which a workload can be reached from outside the cluster.
#[derive(Clone, Debug)]
pub struct Exposure<'g> {
    /// From where.
    pub reach: Reach,
    /// `Yes`, or `Unknown` if it depends on an unknown.
    pub holds: Tri,
    /// What it assumes about the platform.
    pub assumes: Option<&'static str>,
    /// The Ingress or route, if one leads to the Service.
    pub entry: Option<NodeId>,
    /// The Service; `None` if the pod itself listens on its node.
    pub service: Option<Service<'g>>,
    /// The place that exposes it: the Service's type, the backend's entry, the host port.
    pub origin: OriginId,
}

impl<'g> Service<'g> {
    /// Tells whether its load balancer has an address only in the private network: by annotation, or by the class of
    /// its controller.
    ///
    /// Design: rules-kubernetes.md, table 13.8.
    pub fn is_internal_load_balancer(self) -> Tri {
        let annotations = self.annotations();
        let mut open = Tri::No;
        for (key, values) in INTERNAL {
            match annotations.get(key) {
                Attr::Absent(_) => {}
                Attr::Unknown(symbol, _) => open = Tri::Unknown(Some(symbol)),
                Attr::Known(value, _) => {
                    if values.iter().any(|internal| value.eq_ignore_ascii_case(internal)) {
                        return Tri::Yes;
                    }
                    if key.ends_with("-scheme") {
                        return Tri::No;
                    }
                }
            }
        }
        // AWS Load Balancer Controller: without a scheme its load balancers are internal.
        let class = self.load_balancer_class();
        let kind = annotations.get("service.beta.kubernetes.io/aws-load-balancer-type");
        if class.is("service.k8s.aws/nlb") || kind.is("external") || kind.is("nlb-ip") {
            return Tri::Yes;
        }
        match class {
            Attr::Known(class, _) if class.contains("internal") || class == "tailscale" => Tri::Yes,
            Attr::Unknown(symbol, _) => open.or(Tri::Unknown(Some(symbol))),
            Attr::Absent(_) | Attr::Known(..) => open,
        }
    }

    /// Tells whether its load balancer lets in every address: no source ranges, or one that is everything.
    pub fn has_open_sources(self) -> Tri {
        let ranges = self.load_balancer_source_ranges();
        if ranges.is_empty() {
            return Tri::Yes;
        }
        ranges.any(|list| list.split(',').filter_map(AddressRange::parse).any(AddressRange::is_everything))
    }

    /// Tells whether the internet reaches its load balancer.
    pub fn is_public(self) -> Tri {
        crate::kubernetes::pod::equals(self.service_type(), "LoadBalancer")
            .and(!self.is_internal_load_balancer())
            .and(self.has_open_sources())
    }

    /// From where the Service itself can be reached; `None` from inside the cluster only.
    pub fn reach(self) -> Option<(Reach, Tri, OriginId)> {
        let kind = self.service_type();
        if !self.external_ips().is_empty() {
            return Some((Reach::Network, Tri::Yes, self.external_ips().origin()));
        }
        match kind {
            Attr::Known("LoadBalancer", origin) => match self.is_public() {
                Tri::Yes => Some((Reach::Internet, Tri::Yes, origin)),
                Tri::No => Some((Reach::Network, Tri::Yes, origin)),
                open @ Tri::Unknown(_) => Some((Reach::Internet, open, origin)),
            },
            Attr::Known("NodePort", origin) => Some((Reach::Network, Tri::Yes, origin)),
            Attr::Unknown(symbol, origin) => Some((Reach::Internet, Tri::Unknown(Some(symbol)), origin)),
            Attr::Absent(_) | Attr::Known(..) => None,
        }
    }

    /// The Ingresses that lead to it.
    pub fn ingresses(self) -> impl Iterator<Item = Ingress<'g>> {
        self.routed_by(NodeKind::Ingress).map(Ingress)
    }

    /// The routes that lead to it and are no Ingresses.
    pub fn routes(self) -> impl Iterator<Item = Route<'g>> {
        self.routed_by(NodeKind::HttpRoute).map(Route)
    }

    fn routed_by(self, kind: NodeKind) -> impl Iterator<Item = crate::kubernetes::Object<'g>> {
        let graph = self.graph();
        let nodes = graph.followed_back(self.node(), EdgeKind::Routes);
        nodes.filter(move |&node| graph.node(node).kind == kind).filter_map(|node| graph.object(node))
    }

    /// The ports of a workload behind it to which its ports lead.
    pub fn target_ports(self, workload: Workload<'g>) -> Ports {
        let mut open = Ports::none();
        for port in self.ports() {
            let protocol = match port.protocol() {
                Attr::Absent(_) => Some(Protocol::Tcp),
                name => name.known().and_then(Protocol::parse),
            };
            let Some(protocol) = protocol else { continue };
            let numbers = match port.target_port() {
                Attr::Absent(_) => port.port().known().into_iter().collect(),
                Attr::Known(target, _) => port_numbers(target, workload),
                Attr::Unknown(..) => Vec::new(),
            };
            for number in numbers.into_iter().filter_map(|number| u16::try_from(number).ok()) {
                open.add(&Ports::range(protocol, number, number));
            }
        }
        open
    }
}

fn port_numbers(target: &Value, workload: Workload<'_>) -> Vec<i64> {
    if let Some(number) = target.as_i64().or_else(|| target.as_str()?.parse().ok()) {
        return vec![number];
    }
    let Some(name) = target.as_str() else { return Vec::new() };
    let ports = workload.containers().flat_map(|container| container.ports());
    ports.filter(|port| port.name().is(name)).filter_map(|port| port.container_port().known()).collect()
}

/// Annotations that keep a load balancer in the private network, with the values that do.
const INTERNAL: &[(&str, &[&str])] = &[
    ("service.beta.kubernetes.io/aws-load-balancer-scheme", &["internal"]),
    ("service.beta.kubernetes.io/aws-load-balancer-internal", &["true", "0.0.0.0/0"]),
    ("networking.gke.io/load-balancer-type", &["Internal"]),
    ("cloud.google.com/load-balancer-type", &["Internal"]),
    ("service.beta.kubernetes.io/azure-load-balancer-internal", &["true"]),
    ("service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", &["private"]),
    ("service.beta.kubernetes.io/oci-load-balancer-internal", &["true"]),
    ("service.beta.kubernetes.io/do-loadbalancer-network", &["INTERNAL"]),
    ("service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type", &["intranet"]),
    ("service.beta.kubernetes.io/openstack-internal-load-balancer", &["true"]),
    ("load-balancer.hetzner.cloud/disable-public-network", &["true"]),
];

impl<'g> Workload<'g> {
    /// The Services that select its pods.
    pub fn services(self) -> impl Iterator<Item = (Service<'g>, Tri)> {
        let graph = self.graph();
        let links = graph.edges_to(self.node()).filter(|link| link.edge.kind == EdgeKind::Selects);
        links.filter_map(move |link| {
            let selects = match link.edge.certainty {
                crate::Certainty::Certain => Tri::Yes,
                crate::Certainty::Possible => Tri::Unknown(link.edge.symbol),
            };
            Some((Service(graph.object(link.from)?), selects))
        })
    }

    /// All ways in which it can be reached from outside the cluster.
    pub fn exposures(self) -> Vec<Exposure<'g>> {
        let mut found = Vec::new();
        for (service, selects) in self.services() {
            if let Some((reach, holds, origin)) = service.reach() {
                let holds = selects.and(holds).and(self.takes_traffic_from_outside());
                let service = Some(service);
                found.push(Exposure { reach, holds, assumes: None, entry: None, service, origin });
            }
            for ingress in service.ingresses() {
                let (internal, entry) = (ingress.is_internal(), ingress.node());
                found.push(self.routed(service, selects, internal, entry, ingress.origin()));
            }
            for route in service.routes() {
                let (internal, entry) = (route.is_internal(), route.node());
                found.push(self.routed(service, selects, internal, entry, route.origin()));
            }
        }
        found.extend(self.host_exposure());
        found.retain(|exposure| exposure.holds.may());
        found
    }

    fn routed(
        self,
        service: Service<'g>,
        selects: Tri,
        internal: Tri,
        entry: NodeId,
        origin: Option<OriginId>,
    ) -> Exposure<'g> {
        let (reach, holds) = match internal {
            Tri::Yes => (Reach::Network, Tri::Yes),
            Tri::No => (Reach::Internet, Tri::Yes),
            open @ Tri::Unknown(_) => (Reach::Internet, open),
        };
        Exposure {
            reach,
            holds: selects.and(holds).and(self.takes_traffic_from_pods()),
            assumes: Some("the ingress controller or gateway can be reached from outside"),
            entry: Some(entry),
            service: Some(service),
            origin: origin.unwrap_or_else(|| service.body().origin),
        }
    }

    fn host_exposure(self) -> Option<Exposure<'g>> {
        let exposed = |origin| Exposure {
            reach: Reach::Network,
            holds: Tri::Yes,
            assumes: Some("the node's ports can be reached from the network around the cluster"),
            entry: None,
            service: None,
            origin,
        };
        let ports = self.containers().flat_map(|container| container.ports());
        let host_port = ports.map(|port| port.host_port()).find_map(|port| match port {
            Attr::Known(_, origin) => Some(exposed(origin)),
            Attr::Absent(_) | Attr::Unknown(..) => None,
        });
        host_port.or_else(|| match self.host_network() {
            Attr::Known(true, origin) => {
                let listens = self.containers().any(|container| container.ports().next().is_some());
                listens.then(|| exposed(origin))
            }
            Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
        })
    }

    /// A load balancer may keep the client's address or show the node's, which always reaches its pods: only a pod that
    /// takes nothing from outside is out of reach.
    fn takes_traffic_from_outside(self) -> Tri {
        self.traffic(Direction::Ingress, Peer::Addresses(AddressRange::IPV4))
            .is_any_open()
            .or(self.takes_traffic_from_pods())
    }

    /// A controller is some pod: only a pod that takes nothing at all is out of reach.
    fn takes_traffic_from_pods(self) -> Tri {
        if !self.is_isolated(Direction::Ingress).is_yes() {
            return Tri::Yes;
        }
        let mut policies = self.network_policies();
        policies.any(|(policy, _)| policy.rules(Direction::Ingress).next().is_some()).into()
    }
}

/// The ports of a workload to which Ingresses and routes lead, as far as its policies let in any pod at all.
pub(super) fn routed_ports(workload: Workload<'_>) -> Option<Ports> {
    let mut ports = Ports::none();
    for (service, selects) in workload.services() {
        let routed = service.ingresses().next().is_some() || service.routes().next().is_some();
        if selects.is_yes() && routed {
            ports.add(&service.target_ports(workload));
        }
    }
    let ports = ports.and(&workload.traffic(Direction::Ingress, Peer::AnyPod).certain);
    (!ports.is_empty()).then_some(ports)
}

#[cfg(test)]
mod tests {
    use super::Reach;
    use crate::Tri;
    use crate::fixture::graph;
    use crate::kubernetes::Connection;

    fn reach(manifests: &str, pod: &str) -> String {
        let graph = graph(&format!(
            "
{{kind: Pod, metadata: {{name: a, namespace: x, labels: {{app: a}}}}, spec: {{{pod}}}}}
---
{manifests}"
        ));
        let workload = graph.workloads().next().expect("there is a pod");
        let mut found: Vec<String> = workload
            .exposures()
            .iter()
            .map(|exposure| {
                let name = match exposure.reach {
                    Reach::Internet => "internet",
                    Reach::Network => "network",
                };
                let open = if exposure.holds == Tri::Yes { "" } else { "?" };
                let by = if exposure.entry.is_some() { " through an entry" } else { "" };
                format!("{name}{open}{by}")
            })
            .collect();
        found.sort();
        found.join(", ")
    }

    const POD: &str = "containers: [{name: c, ports: [{containerPort: 80}]}]";

    #[test]
    fn services_and_ports_lead_outside() {
        let service = |meta: &str, spec: &str| {
            format!(
                "{{kind: Service, metadata: {{name: s, namespace: x{meta}}}, spec: {{selector: {{app: a}}{spec}}}}}"
            )
        };
        let internal = |key: &str, value: &str| format!(", annotations: {{{key}: '{value}'}}");
        let load_balancer = ", type: LoadBalancer";
        let cases = [
            (service("", ""), POD, ""),
            (service("", load_balancer), POD, "internet"),
            (service("", ", type: NodePort"), POD, "network"),
            (service("", ", type: '${t}'"), POD, "internet?"),
            (service("", ", type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8]"), POD, "network"),
            (
                service("", ", type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8, 0.0.0.0/0]"),
                POD,
                "internet",
            ),
            (
                service(
                    &internal(
                        "service.beta.kubernetes.io/load-balancer-source-ranges",
                        "10.0.0.0/8,11.0.0.0/8",
                    ),
                    load_balancer,
                ),
                POD,
                "network",
            ),
            (
                service(
                    &internal("service.beta.kubernetes.io/azure-load-balancer-internal", "true"),
                    load_balancer,
                ),
                POD,
                "network",
            ),
            (
                service(
                    &internal("service.beta.kubernetes.io/aws-load-balancer-type", "external"),
                    load_balancer,
                ),
                POD,
                "network",
            ),
            (
                service(
                    ", annotations: {service.beta.kubernetes.io/aws-load-balancer-type: external, \
                     service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing}",
                    load_balancer,
                ),
                POD,
                "internet",
            ),
            (String::new(), "containers: [{name: c, ports: [{containerPort: 80, hostPort: 80}]}]", "network"),
            (String::new(), "hostNetwork: true, containers: [{name: c}]", ""),
        ];
        for (manifests, pod, expected) in cases {
            assert_eq!(reach(&manifests, pod), expected, "{manifests}");
        }
    }

    #[test]
    fn ingresses_and_routes_lead_outside() {
        let service = "{kind: Service, metadata: {name: s, namespace: x}, spec: {selector: {app: a}}}";
        let ingress = |annotations: &str, class: &str| {
            format!(
                "{service}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: i, namespace: x, annotations: {{{annotations}}}}}
spec:
  ingressClassName: {class}
  rules: [{{http: {{paths: [{{path: /, backend: {{service: {{name: s, port: {{number: 80}}}}}}}}]}}}}]
"
            )
        };
        let cases = [
            (ingress("", "nginx"), "internet through an entry"),
            (ingress("", "alb"), "network through an entry"),
            (
                ingress("alb.ingress.kubernetes.io/scheme: internet-facing", "alb"),
                "internet through an entry",
            ),
            (ingress("", "nginx-internal"), "network through an entry"),
            (
                format!(
                    "{service}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: r, namespace: x}}
spec: {{parentRefs: [{{name: g}}], rules: [{{backendRefs: [{{name: s, port: 80}}]}}]}}
"
                ),
                "internet through an entry",
            ),
            (
                format!(
                    "{service}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: v, namespace: y}}
spec: {{gateways: [mesh], http: [{{route: [{{destination: {{host: s.x.svc.cluster.local}}}}]}}]}}
"
                ),
                "network through an entry",
            ),
            (
                format!(
                    "{}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: deny, namespace: x}}
spec: {{podSelector: {{}}}}
",
                    ingress("", "nginx")
                ),
                "",
            ),
        ];
        for (manifests, expected) in cases {
            assert_eq!(reach(&manifests, POD), expected, "{manifests}");
        }
    }

    #[test]
    fn connections_are_listed_pair_by_pair() {
        let graph = graph(
            "
{kind: Pod, metadata: {name: a, namespace: x, labels: {app: a}}, spec: {containers: [{name: c}]}}
---
{kind: Pod, metadata: {name: b, namespace: x, labels: {app: b}}, spec: {containers: [{name: c}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: x}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{podSelector: {matchLabels: {app: a}}}], ports: [{port: 80}]}]
  egress:
  - {to: [{podSelector: {}}]}
  - {to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 443}]}
",
        );
        let show = |connection: &Connection| {
            format!("{} -> {}: {}", connection.source, connection.target, connection.ports)
        };
        let found: Vec<String> = graph.connections().iter().map(show).collect();
        assert_eq!(
            found,
            [
                "x/a[Pod] -> 10.0.0.0-10.0.255.255: TCP 443",
                "x/a[Pod] -> 10.2.0.0-10.255.255.255: TCP 443",
                "x/a[Pod] -> x/b[Pod]: TCP 80",
                "x/b[Pod] -> 10.0.0.0-10.0.255.255: TCP 443",
                "x/b[Pod] -> 10.2.0.0-10.255.255.255: TCP 443",
            ]
        );
    }
}
