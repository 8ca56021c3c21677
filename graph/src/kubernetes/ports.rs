//! Ports, probes and lifecycle handlers of a container, and the resources it asks for.

use iac_model::{Attr, OriginId, Value};

use super::object::non_empty;
use super::{Container, ResourceName, Strings};

/// A port that a container says it listens on.
#[derive(Clone, Copy, Debug)]
pub struct ContainerPort<'g> {
    value: &'g Value,
}

impl<'g> ContainerPort<'g> {
    /// Its number in the pod.
    pub fn container_port(self) -> Attr<i64> {
        self.value.attr_i64("containerPort")
    }

    /// Its number on the node. Absent or 0: none.
    pub fn host_port(self) -> Attr<i64> {
        match self.value.attr_i64("hostPort") {
            Attr::Known(0, origin) => Attr::Absent(origin),
            port => port,
        }
    }

    /// Its name.
    pub fn name(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("name"))
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

/// What a probe finds out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProbeKind {
    /// Whether it must be restarted.
    Liveness,
    /// Whether it gets traffic.
    Readiness,
    /// Whether it has started.
    Startup,
}

impl ProbeKind {
    /// The field of a container.
    pub fn key(self) -> &'static str {
        match self {
            Self::Liveness => "livenessProbe",
            Self::Readiness => "readinessProbe",
            Self::Startup => "startupProbe",
        }
    }
}

/// A probe with its handler.
#[derive(Clone, Copy, Debug)]
pub struct Probe<'g> {
    /// What it finds out.
    pub kind: ProbeKind,
    /// What it does.
    pub handler: Handler<'g>,
}

/// What a probe or a lifecycle hook does.
#[derive(Clone, Copy, Debug)]
pub struct Handler<'g> {
    value: &'g Value,
}

impl<'g> Handler<'g> {
    /// The whole entry.
    pub fn value(self) -> &'g Value {
        self.value
    }

    /// The command it executes. Absent: none.
    pub fn command(self) -> Strings<'g> {
        Strings::new(self.value.attr_at(&["exec", "command"]))
    }

    /// The host it connects to, by HTTP or TCP. Absent or empty: the pod itself.
    pub fn host(self) -> Attr<&'g str> {
        non_empty(self.value.attr_at(&["httpGet", "host"]).and(Value::as_str))
            .or(|_| non_empty(self.value.attr_at(&["tcpSocket", "host"]).and(Value::as_str)))
    }

    /// The port it connects to: a number or a name.
    pub fn port(self) -> Attr<&'g Value> {
        ["httpGet", "tcpSocket", "grpc"]
            .iter()
            .map(|action| self.value.attr_at(&[action, "port"]))
            .find(|port| !port.is_absent())
            .unwrap_or(Attr::Absent(self.value.origin))
    }
}

/// An amount of a resource that a container requests.
#[derive(Clone, Copy, Debug)]
pub struct ResourceRequest<'g> {
    /// `cpu`, `memory`, `nvidia.com/gpu`.
    pub name: &'g str,
    /// The amount.
    pub value: &'g Value,
}

impl<'g> Container<'g> {
    /// Ports that it says it listens on.
    pub fn ports(self) -> impl Iterator<Item = ContainerPort<'g>> {
        let list = self.value().get("ports").and_then(Value::as_list).unwrap_or_default();
        list.iter().map(|value| ContainerPort { value })
    }

    /// A probe. Absent: none is made.
    pub fn probe(self, kind: ProbeKind) -> Attr<Probe<'g>> {
        self.value().attr(kind.key()).map(|value| Probe { kind, handler: Handler { value } })
    }

    /// All handlers: probes and lifecycle hooks, each with its field.
    pub fn handlers(self) -> impl Iterator<Item = (&'static str, Handler<'g>)> {
        let probes = ["livenessProbe", "readinessProbe", "startupProbe"];
        let probes = probes.into_iter().filter_map(move |key| Some((key, self.value().get(key)?)));
        let hooks = ["postStart", "preStop"];
        let hooks =
            hooks.into_iter().filter_map(move |key| Some((key, self.value().at(&["lifecycle", key])?)));
        probes.chain(hooks).map(|(key, value)| (key, Handler { value }))
    }

    /// A limit as written at the container, else at the pod (`spec.resources`, 1.34). Absent: that of a LimitRange,
    /// else none.
    pub fn limit(self, resource: ResourceName) -> Attr<&'g Value> {
        self.quantity("limits", resource)
    }

    /// A request as written at the container, else at the pod. Absent: the limit, else that of a LimitRange, else
    /// none.
    pub fn request(self, resource: ResourceName) -> Attr<&'g Value> {
        self.quantity("requests", resource)
    }

    /// What it requests itself, of each resource; not what its pod does.
    pub fn own_requests(self) -> impl Iterator<Item = ResourceRequest<'g>> {
        let map = self.value().at(&["resources", "requests"]).and_then(Value::as_map).into_iter().flatten();
        map.filter_map(|entry| Some(ResourceRequest { name: entry.key.as_str()?, value: &entry.value }))
    }

    /// Its own limit of a resource, by the key in `limits`; not that of its pod.
    pub fn own_limit(self, name: &str) -> Option<&'g Value> {
        self.value().attr_at(&["resources", "limits", name]).known()
    }

    fn quantity(self, list: &str, resource: ResourceName) -> Attr<&'g Value> {
        let path = ["resources", list, resource.key()];
        match self.value().attr_at(&path) {
            Attr::Absent(own) => match self.workload().spec().attr_at(&path) {
                Attr::Absent(_) => Attr::Absent(own),
                pod @ (Attr::Known(..) | Attr::Unknown(..)) => pod,
            },
            own @ (Attr::Known(..) | Attr::Unknown(..)) => own,
        }
    }
}
