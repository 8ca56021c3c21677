//! What traffic the network policies let through.
//!
//! A pod that no policy isolates in a direction is open in it; else the union of all rules of the policies that select
//! it counts (networking.k8s.io/v1 `NetworkPolicySpec`). Both sides must allow: the egress of the one, the ingress of
//! the other. Pods on the host's network are outside the model: no policy isolates them, and what comes from them
//! counts as coming from their node, which always reaches its pods.

use std::collections::HashMap;

use iac_model::{Attr, OriginId, Value};

use super::policy::{Direction, NetworkPolicy, NetworkRule};
use super::{AddressRange, Ports, Protocol};
use crate::kubernetes::{KubernetesView, Selector, Workload};
use crate::{Certainty, EdgeKind, Graph, NodeId, Tri, View};

/// The policies that are for a workload, found once.
#[derive(Debug, Default)]
pub(crate) struct Guards {
    /// Those of Kubernetes itself.
    own: Vec<(NodeId, Certainty)>,
    /// There are others, which we do not translate.
    foreign: bool,
}

/// Gathers the policies of each workload from the edges.
pub(crate) fn guards(graph: &Graph<'_>) -> HashMap<NodeId, Guards> {
    let mut found: HashMap<NodeId, Guards> = HashMap::new();
    for link in graph.edges().filter(|link| link.edge.kind == EdgeKind::AppliesTo) {
        let Some(object) = graph.object(link.from) else { continue };
        let guards = found.entry(link.to).or_default();
        if matches!(object.api_group(), "extensions" | "networking.k8s.io") {
            guards.own.push((link.from, link.edge.certainty));
        } else {
            guards.foreign = true;
        }
    }
    found
}

/// The ports that are open: for sure, and if the unknowns are in favour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// Open whatever the unknowns are.
    pub certain: Ports,
    /// Open for some values of the unknowns; holds the certain ones.
    pub possible: Ports,
}

/// The other end of a pod's traffic.
#[derive(Clone, Copy, Debug)]
pub enum Peer<'g> {
    /// Addresses that are no pods.
    Addresses(AddressRange),
    /// Some pod of which nothing is known: it is let in only by rules that let in every pod.
    AnyPod,
    /// Pods of the cluster.
    Pods(Workload<'g>),
}

/// Which way unknowns are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// Only what is open for sure.
    Lower,
    /// All that may be open.
    Upper,
}

impl Bound {
    fn takes(self, tri: Tri) -> bool {
        match self {
            Bound::Lower => tri.is_yes(),
            Bound::Upper => tri.may(),
        }
    }
}

impl Traffic {
    fn between(mut bound: impl FnMut(Bound) -> Ports) -> Self {
        let certain = bound(Bound::Lower);
        if certain.is_all() {
            return Self { possible: certain.clone(), certain };
        }
        let mut possible = bound(Bound::Upper);
        possible.add(&certain);
        Self { certain, possible }
    }

    /// Tells whether a port is open.
    pub fn is_open(&self, protocol: Protocol, port: u16) -> Tri {
        match (self.certain.contains(protocol, port), self.possible.contains(protocol, port)) {
            (true, _) => Tri::Yes,
            (false, true) => Tri::Unknown(None),
            (false, false) => Tri::No,
        }
    }

    /// What is open here and there.
    #[must_use]
    pub fn and(&self, other: &Traffic) -> Traffic {
        Traffic { certain: self.certain.and(&other.certain), possible: self.possible.and(&other.possible) }
    }

    /// Tells whether any port is open.
    pub fn is_any_open(&self) -> Tri {
        match (self.certain.is_empty(), self.possible.is_empty()) {
            (false, _) => Tri::Yes,
            (true, false) => Tri::Unknown(None),
            (true, true) => Tri::No,
        }
    }
}

impl<'g> Workload<'g> {
    /// The network policies of Kubernetes itself that select its pods, for sure or perhaps.
    pub fn network_policies(self) -> impl Iterator<Item = (NetworkPolicy<'g>, Certainty)> {
        let graph = self.graph();
        let own = graph.guards.get(&self.node()).map_or(&[][..], |guards| &guards.own);
        own.iter().filter_map(|&(policy, certainty)| Some((NetworkPolicy(graph.object(policy)?), certainty)))
    }

    /// Tells whether a policy that we do not translate (of Cilium, Calico, or for administrators) may select its pods.
    pub fn has_foreign_network_policy(self) -> bool {
        self.graph().guards.get(&self.node()).is_some_and(|guards| guards.foreign)
    }

    /// Tells whether a policy isolates its pods in a direction, so that only what rules allow is open.
    pub fn is_isolated(self, direction: Direction) -> Tri {
        if self.host_network().is(true) {
            return Tri::No;
        }
        let own = Tri::any(self.network_policies().map(|(policy, certainty)| {
            let selected = match certainty {
                Certainty::Certain => Tri::Yes,
                Certainty::Possible => Tri::Unknown(None),
            };
            selected.and(policy.isolates(direction))
        }));
        let foreign = if self.has_foreign_network_policy() { Tri::Unknown(None) } else { Tri::No };
        own.or(foreign)
    }

    /// The ports of the peer that its pods can reach (egress), or its own ports that the peer can reach (ingress), as
    /// far as the policies of this side say.
    pub fn traffic(self, direction: Direction, peer: Peer<'g>) -> Traffic {
        Traffic::between(|bound| self.one_side(direction, peer, bound))
    }

    fn one_side(self, direction: Direction, peer: Peer<'g>, bound: Bound) -> Ports {
        if self.host_network().is(true) {
            return Ports::all();
        }
        if let (Direction::Ingress, Peer::Pods(other)) = (direction, peer)
            && other.host_network().is(true)
        {
            return Ports::all();
        }
        let foreign = self.has_foreign_network_policy();
        if foreign && bound == Bound::Upper {
            return Ports::all();
        }
        let mut isolated = foreign;
        let mut open = Ports::none();
        for (policy, certainty) in self.network_policies() {
            let selected = match certainty {
                Certainty::Certain => Tri::Yes,
                Certainty::Possible => Tri::Unknown(None),
            };
            let isolates = selected.and(policy.isolates(direction));
            isolated |= match bound {
                Bound::Lower => isolates.may(),
                Bound::Upper => isolates.is_yes(),
            };
            if !bound.takes(isolates) {
                continue;
            }
            if policy.rules_attr(direction).is_unknown() && bound == Bound::Upper {
                return Ports::all();
            }
            for rule in policy.rules(direction) {
                if bound.takes(rule.allows_peer(policy, peer)) {
                    let target = match direction {
                        Direction::Egress => peer,
                        Direction::Ingress => Peer::Pods(self),
                    };
                    open.add(&rule.open_ports(target, bound));
                }
            }
        }
        if isolated { open } else { Ports::all() }
    }
}

impl<'g> NetworkPolicy<'g> {
    /// Where it lets its pods reach the metadata service of a cloud on port 80, for sure: the range of addresses that
    /// holds it, else the rule. Rules that allow everything are not meant.
    ///
    /// Source: Amazon EC2, Azure and Compute Engine serve metadata at 169.254.169.254.
    pub fn lets_reach_metadata(self) -> Option<OriginId> {
        let service = AddressRange::parse("169.254.169.254")?;
        let peer = Peer::Addresses(service);
        let reaching =
            self.rules(Direction::Egress).filter(|rule| !rule.allows_everything()).find(|rule| {
                rule.allows_peer(self, peer).is_yes()
                    && rule.open_ports(peer, Bound::Lower).contains(Protocol::Tcp, 80)
            })?;
        let holds = |cidr: &str| AddressRange::parse(cidr).is_some_and(|range| range.covers(service));
        let range = reaching.peers().map(|peer| peer.cidr()).find(|cidr| cidr.known().is_some_and(holds));
        Some(range.map_or(reaching.origin(), |cidr| cidr.origin()))
    }
}

impl<'g> NetworkRule<'g> {
    /// Tells whether a rule of a policy allows a peer.
    pub fn allows_peer(self, policy: NetworkPolicy<'g>, peer: Peer<'g>) -> Tri {
        match self.peers_attr() {
            Attr::Absent(_) => return Tri::Yes,
            Attr::Unknown(symbol, _) => return Tri::Unknown(Some(symbol)),
            Attr::Known(..) => {}
        }
        Tri::any(self.peers().map(|allowed| match peer {
            Peer::Addresses(range) => {
                let found = match allowed.cidr() {
                    Attr::Absent(_) => return Tri::No,
                    Attr::Unknown(symbol, _) => return Tri::Unknown(Some(symbol)),
                    Attr::Known(cidr, _) => AddressRange::parse(cidr),
                };
                let covered = found.is_some_and(|found| found.covers(range));
                let excepted = allowed
                    .except()
                    .any(|cidr| AddressRange::parse(cidr).is_some_and(|cidr| cidr.overlaps(range)));
                Tri::from(covered).and(!excepted)
            }
            Peer::AnyPod => {
                let all = |selector| Selector::full(selector).is_empty();
                let (pods, namespaces) = (allowed.pod_selector(), allowed.namespace_selector());
                (all(namespaces) && (pods.is_absent() || all(pods))).into()
            }
            Peer::Pods(workload) => {
                let (pods, namespaces) = (allowed.pod_selector(), allowed.namespace_selector());
                if pods.is_absent() && namespaces.is_absent() {
                    return Tri::No;
                }
                // Pods on the host's network have the address of their node; selectors do not see them.
                let on_host = Tri::from(workload.host_network());
                let in_namespace = match namespaces {
                    Attr::Absent(_) => {
                        (workload.namespace_or_default() == policy.namespace_or_default()).into()
                    }
                    selector => selects_namespace(workload.graph(), selector, workload),
                };
                let pod = match pods {
                    Attr::Absent(_) => Tri::Yes,
                    selector => Selector::full(selector).matches(workload.pod_labels()),
                };
                in_namespace.and(pod).and(!on_host)
            }
        }))
    }

    /// The ports that it opens, for sure and perhaps, once it allows a peer. `target` has the ports: the peer of an
    /// egress rule, the policy's own pods of an ingress rule.
    pub fn ports_open_at(self, target: Peer<'g>) -> Traffic {
        Traffic::between(|bound| self.open_ports(target, bound))
    }

    fn open_ports(self, target: Peer<'g>, bound: Bound) -> Ports {
        match self.ports_attr() {
            Attr::Absent(_) => return Ports::all(),
            Attr::Unknown(..) => return if bound == Bound::Upper { Ports::all() } else { Ports::none() },
            Attr::Known(..) => {}
        }
        let mut open = Ports::none();
        for entry in self.ports() {
            let protocol = match entry.protocol() {
                Attr::Absent(_) => Protocol::Tcp,
                Attr::Known(name, _) => match Protocol::parse(name) {
                    Some(protocol) => protocol,
                    None => continue,
                },
                Attr::Unknown(..) if bound == Bound::Upper => return Ports::all(),
                Attr::Unknown(..) => continue,
            };
            match entry.port() {
                Attr::Absent(_) => open.add(&Ports::of(protocol)),
                Attr::Unknown(..) => {
                    if bound == Bound::Upper {
                        open.add(&Ports::of(protocol));
                    }
                }
                Attr::Known(value, _) => {
                    let end = entry.end_port().known();
                    for (from, to) in numbers(value, end, protocol, target, bound) {
                        open.add(&Ports::range(protocol, from, to));
                    }
                }
            }
        }
        open
    }
}

/// The numbers of a port: one, a range, or those of the containers whose port has the name.
fn numbers(
    value: &Value,
    end: Option<i64>,
    protocol: Protocol,
    target: Peer<'_>,
    bound: Bound,
) -> Vec<(u16, u16)> {
    let number = |number: i64| u16::try_from(number).ok();
    if value.symbol().is_some() {
        return if bound == Bound::Upper { vec![(1, u16::MAX)] } else { Vec::new() };
    }
    if let Some(from) = value.as_i64().or_else(|| value.as_str()?.parse().ok()).and_then(number) {
        return vec![(from, end.and_then(number).unwrap_or(from))];
    }
    let (Some(name), Peer::Pods(workload)) = (value.as_str(), target) else { return Vec::new() };
    workload
        .containers()
        .flat_map(|container| container.ports())
        .filter(|port| {
            port.name().is(name)
                && port.protocol().known().and_then(Protocol::parse).unwrap_or(Protocol::Tcp) == protocol
        })
        .filter_map(|port| number(port.container_port().known()?))
        .map(|port| (port, port))
        .collect()
}

/// Tells whether a namespace selector selects the namespace of a workload. Every namespace has the label
/// `kubernetes.io/metadata.name`; of a namespace that is not declared only that label is known.
fn selects_namespace(graph: &Graph<'_>, selector: Attr<&Value>, workload: Workload<'_>) -> Tri {
    let selector = Selector::full(selector);
    if selector.is_empty() {
        return Tri::Yes;
    }
    let name = workload.namespace_or_default();
    let mut namespaces = graph.namespaces_named(name).filter(|namespace| namespace.can_meet(workload));
    let declared = namespaces.find(|namespace| namespace.object().is_some());
    selector.matches_namespace(name, declared.and_then(|namespace| namespace.labels()))
}

impl<'g> Graph<'g> {
    /// The ports of `to` that pods of `from` reach, as far as network policies say.
    pub fn traffic<'s>(&'s self, from: Workload<'s>, to: Workload<'s>) -> Traffic {
        Traffic::between(|bound| {
            let out = from.one_side(Direction::Egress, Peer::Pods(to), bound);
            if out.is_empty() {
                out
            } else {
                out.and(&to.one_side(Direction::Ingress, Peer::Pods(from), bound))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Tri;
    use crate::fixture::graph;
    use crate::kubernetes::{AddressRange, Direction, KubernetesView, Peer};

    const PODS: &str = "
{kind: Pod, metadata: {name: a, namespace: x, labels: {app: a}}, spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}}
---
{kind: Pod, metadata: {name: b, namespace: x, labels: {app: b}}, spec: {containers: [{name: c}]}}
---
{kind: Pod, metadata: {name: c, namespace: y, labels: {app: c}}, spec: {containers: [{name: c}]}}
---
{kind: Pod, metadata: {name: h, namespace: x, labels: {app: h}}, spec: {hostNetwork: true, containers: [{name: c}]}}
---
{kind: Namespace, metadata: {name: y, labels: {team: blue}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: x}
spec: ";

    /// A policy's spec in namespace x, then from, to, and the certain and possible ports.
    #[test]
    fn policies_open_and_close() {
        let a = "podSelector: {matchLabels: {app: a}}";
        let cases = [
            (format!("{{{a}}}"), "b", "a", "No Connections", ""),
            (format!("{{{a}}}"), "a", "b", "All Connections", ""),
            (format!("{{{a}}}"), "h", "a", "All Connections", ""),
            ("{}".to_owned(), "c", "b", "No Connections", ""),
            ("{podSelector: {}}".to_owned(), "c", "h", "All Connections", ""),
            (format!("{{{a}, ingress: [{{}}]}}"), "b", "a", "All Connections", ""),
            (
                format!("{{{a}, ingress: [{{from: [{{podSelector: {{}}}}]}}]}}"),
                "b",
                "a",
                "All Connections",
                "",
            ),
            (
                format!("{{{a}, ingress: [{{from: [{{podSelector: {{}}}}]}}]}}"),
                "c",
                "a",
                "No Connections",
                "",
            ),
            (
                format!(
                    "{{{a}, ingress: [{{from: [{{namespaceSelector: {{}}}}], ports: [{{port: http}}]}}]}}"
                ),
                "c",
                "a",
                "TCP 8080",
                "",
            ),
            (
                format!(
                    "{{{a}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{team: blue}}}}}}]}}]}}"
                ),
                "c",
                "a",
                "All Connections",
                "",
            ),
            (
                format!(
                    "{{{a}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{team: blue}}}}}}]}}]}}"
                ),
                "b",
                "a",
                "No Connections",
                "All Connections",
            ),
            (
                format!(
                    "{{{a}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: \
                     {{kubernetes.io/metadata.name: y}}}}, podSelector: {{matchLabels: {{app: z}}}}}}]}}]}}"
                ),
                "c",
                "a",
                "No Connections",
                "",
            ),
            (
                format!(
                    "{{{a}, egress: [{{ports: [{{port: 53, protocol: UDP}}, {{port: 1, endPort: 9}}]}}]}}"
                ),
                "a",
                "c",
                "TCP 1-9,UDP 53",
                "",
            ),
            (format!("{{{a}, egress: []}}"), "a", "c", "All Connections", ""),
            (format!("{{{a}, policyTypes: [Egress]}}"), "a", "c", "No Connections", ""),
            (format!("{{{a}, policyTypes: [Egress]}}"), "c", "a", "All Connections", ""),
            (
                "{podSelector: {matchLabels: {app: '${x}'}}}".to_owned(),
                "c",
                "a",
                "No Connections",
                "All Connections",
            ),
            (
                format!("{{{a}, ingress: [{{ports: [{{port: '${{x}}'}}]}}]}}"),
                "c",
                "a",
                "No Connections",
                "TCP 1-65535",
            ),
        ];
        for (spec, from, to, certain, possible) in cases {
            let graph = graph(&format!("{PODS}{spec}"));
            let pod =
                |name: &str| graph.workloads().find(|pod| pod.name() == name).expect("the pod is there");
            let traffic = graph.traffic(pod(from), pod(to));
            let possible = if possible.is_empty() { certain } else { possible };
            assert_eq!(
                (traffic.certain.to_string().as_str(), traffic.possible.to_string().as_str()),
                (certain, possible),
                "{spec}: {from} to {to}"
            );
        }
    }

    #[test]
    fn address_blocks_are_for_what_is_outside() {
        let spec = "{podSelector: {matchLabels: {app: a}}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, \
                    except: [169.254.169.254/32]}}], ports: [{port: 443}]}]}";
        let graph = graph(&format!("{PODS}{spec}"));
        let pod = graph.workloads().find(|pod| pod.name() == "a").expect("the pod is there");
        let reach = |address: &str| {
            let range = AddressRange::parse(address).expect("it is an address");
            pod.traffic(Direction::Egress, Peer::Addresses(range)).certain.to_string()
        };
        assert_eq!(reach("169.254.169.254"), "No Connections");
        assert_eq!(reach("8.8.8.8"), "TCP 443");
        assert_eq!(pod.is_isolated(Direction::Egress), Tri::Yes);
        assert_eq!(pod.is_isolated(Direction::Ingress), Tri::Yes);
    }

    #[test]
    fn policies_of_others_make_pods_unknown() {
        let graph = graph(
            "
{kind: Pod, metadata: {name: a, namespace: x, labels: {app: a}}, spec: {containers: [{name: c}]}}
---
{kind: Pod, metadata: {name: b, namespace: x}, spec: {containers: [{name: c}]}}
---
{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: x}, spec: {endpointSelector: {matchLabels: {app: a}}}}
",
        );
        let isolated: Vec<_> = graph.workloads().map(|pod| pod.is_isolated(Direction::Ingress)).collect();
        assert_eq!(isolated, [Tri::Unknown(None), Tri::No]);
    }
}
