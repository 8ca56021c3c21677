//! Network policies as they are written.

use iac_model::{Attr, OriginId, Value};

use crate::kubernetes::object::{non_empty, object_view};
use crate::kubernetes::{KubernetesView, Selector, Strings};
use crate::{Graph, Tri};

object_view! {
    /// A NetworkPolicy of `networking.k8s.io` or of the former `extensions` group.
    NetworkPolicy
}

impl<'g> Graph<'g> {
    /// All NetworkPolicies of Kubernetes itself.
    pub fn network_policies<'s>(&'s self) -> impl Iterator<Item = NetworkPolicy<'s>> + use<'s, 'g> {
        let own = |group: &str| matches!(group, "extensions" | "networking.k8s.io");
        self.raw("NetworkPolicy").filter(move |object| own(object.api_group())).map(NetworkPolicy)
    }
}

/// Which way traffic goes, seen from the pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// From the pod.
    Egress,
    /// To the pod.
    Ingress,
}

impl Direction {
    /// `Egress` or `Ingress`, as `policyTypes` names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Egress => "Egress",
            Self::Ingress => "Ingress",
        }
    }

    /// The field of the rules.
    pub fn key(self) -> &'static str {
        match self {
            Self::Egress => "egress",
            Self::Ingress => "ingress",
        }
    }

    /// The field of a rule's peers.
    pub fn peers_key(self) -> &'static str {
        match self {
            Self::Egress => "to",
            Self::Ingress => "from",
        }
    }
}

impl<'g> NetworkPolicy<'g> {
    /// The pods of its namespace that it is for. Empty: all. Absent: all, as an empty one.
    pub fn pod_selector(self) -> Selector<'g> {
        match self.body().attr_at(&["spec", "podSelector"]) {
            Attr::Absent(_) => Selector::everything(self.body().get("spec").unwrap_or(self.body())),
            selector @ (Attr::Known(..) | Attr::Unknown(..)) => Selector::full(selector),
        }
    }

    /// `policyTypes` as written.
    pub fn policy_types(self) -> Strings<'g> {
        Strings::new(self.body().attr_at(&["spec", "policyTypes"]))
    }

    /// Tells whether it isolates its pods in a direction. Without `policyTypes`: Ingress always, Egress only if it has
    /// egress rules (networking/v1 defaults: `SetDefaults_NetworkPolicy`).
    pub fn isolates(self, direction: Direction) -> Tri {
        let types = self.policy_types();
        if !types.is_empty() {
            return types.contains(direction.name());
        }
        match direction {
            Direction::Ingress => Tri::Yes,
            Direction::Egress => match self.body().attr_at(&["spec", "egress"]) {
                Attr::Absent(_) => Tri::No,
                Attr::Known(rules, _) => (!rules.as_list().is_some_and(<[Value]>::is_empty)).into(),
                Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            },
        }
    }

    /// The rules of a direction as a field. Absent or empty: nothing is allowed, if it isolates.
    pub fn rules_attr(self, direction: Direction) -> Attr<&'g Value> {
        self.body().attr_at(&["spec", direction.key()])
    }

    /// The rules of a direction.
    pub fn rules(self, direction: Direction) -> impl Iterator<Item = NetworkRule<'g>> {
        let list = self.body().at(&["spec", direction.key()]).and_then(Value::as_list).unwrap_or_default();
        list.iter().map(move |value| NetworkRule { direction, value })
    }
}

/// A rule that allows traffic.
#[derive(Clone, Copy, Debug)]
pub struct NetworkRule<'g> {
    direction: Direction,
    value: &'g Value,
}

impl<'g> NetworkRule<'g> {
    /// Its direction.
    pub fn direction(self) -> Direction {
        self.direction
    }

    /// Where it stands.
    pub fn origin(self) -> OriginId {
        self.value.origin
    }

    /// The whole rule.
    pub fn value(self) -> &'g Value {
        self.value
    }

    /// The peers; none means everybody.
    pub fn peers(self) -> impl Iterator<Item = NetworkPeer<'g>> {
        let list = self.value.get(self.direction.peers_key()).and_then(Value::as_list).unwrap_or_default();
        list.iter().map(|value| NetworkPeer { value })
    }

    /// The peers as a field. Absent or empty: everybody.
    pub fn peers_attr(self) -> Attr<&'g Value> {
        empty_list_is_absent(self.value.attr(self.direction.peers_key()))
    }

    /// The ports as a field. Absent or empty: all.
    pub fn ports_attr(self) -> Attr<&'g Value> {
        empty_list_is_absent(self.value.attr("ports"))
    }

    /// The ports.
    pub fn ports(self) -> impl Iterator<Item = NetworkPort<'g>> {
        let list = self.value.get("ports").and_then(Value::as_list).unwrap_or_default();
        list.iter().map(|value| NetworkPort { value })
    }

    /// Tells whether it allows everybody on every port.
    pub fn allows_everything(self) -> bool {
        self.peers_attr().is_absent() && self.ports_attr().is_absent()
    }
}

fn empty_list_is_absent(attr: Attr<&Value>) -> Attr<&Value> {
    match attr {
        Attr::Known(value, origin) if value.as_list().is_some_and(<[Value]>::is_empty) => {
            Attr::Absent(origin)
        }
        attr => attr,
    }
}

/// Whom a rule allows.
#[derive(Clone, Copy, Debug)]
pub struct NetworkPeer<'g> {
    value: &'g Value,
}

impl<'g> NetworkPeer<'g> {
    /// Pods, in the namespaces that the namespace selector selects, else in the policy's own.
    pub fn pod_selector(self) -> Attr<&'g Value> {
        self.value.attr("podSelector")
    }

    /// Namespaces. Absent: the policy's own, if pods are selected.
    pub fn namespace_selector(self) -> Attr<&'g Value> {
        self.value.attr("namespaceSelector")
    }

    /// An address range; not for pods.
    pub fn cidr(self) -> Attr<&'g str> {
        non_empty(self.value.attr_at(&["ipBlock", "cidr"]).and(Value::as_str))
    }

    /// Ranges within the address range that are not allowed.
    pub fn except(self) -> Strings<'g> {
        Strings::new(self.value.attr_at(&["ipBlock", "except"]))
    }

    /// Where it stands.
    pub fn origin(self) -> OriginId {
        self.value.origin
    }
}

/// A port of a rule.
#[derive(Clone, Copy, Debug)]
pub struct NetworkPort<'g> {
    value: &'g Value,
}

impl<'g> NetworkPort<'g> {
    /// A number or the name of a container's port. Absent: all ports of the protocol.
    pub fn port(self) -> Attr<&'g Value> {
        self.value.attr("port")
    }

    /// The last number of a range. Absent: only `port`.
    pub fn end_port(self) -> Attr<i64> {
        self.value.attr_i64("endPort")
    }

    /// `TCP`, `UDP` or `SCTP`. Absent: TCP.
    pub fn protocol(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("protocol"))
    }

    /// Where it stands.
    pub fn origin(self) -> OriginId {
        self.value.origin
    }
}
