//! Services.

use iac_model::{Attr, OriginId, Value};

use super::object::{non_empty, object_view};
use super::{KubernetesView, Selector, Strings, Workload};
use crate::{EdgeKind, Graph, View};

object_view! {
    /// A Service.
    Service
}

impl<'g> Graph<'g> {
    /// All Services of the core group.
    pub fn services<'s>(&'s self) -> impl Iterator<Item = Service<'s>> + use<'s, 'g> {
        self.raw("Service").filter(|object| object.api_group().is_empty()).map(Service)
    }
}

impl<'g> Service<'g> {
    /// `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`. Absent: ClusterIP.
    pub fn service_type(self) -> Attr<&'g str> {
        non_empty(self.body().attr_at(&["spec", "type"]).and(Value::as_str))
    }

    /// Labels of the pods behind it. Absent: endpoints are made by someone else.
    pub fn selector(self) -> Selector<'g> {
        Selector::plain(self.body().attr_at(&["spec", "selector"]))
    }

    /// The workloads behind it.
    pub fn workloads(self) -> impl Iterator<Item = Workload<'g>> {
        let graph = self.graph();
        let nodes = graph.followed(self.node(), EdgeKind::Selects);
        nodes.filter_map(|node| Workload::of(graph.object(node)?).next())
    }

    /// Its ports.
    pub fn ports(self) -> impl Iterator<Item = ServicePort<'g>> {
        let list = self.body().at(&["spec", "ports"]).and_then(Value::as_list).unwrap_or_default();
        list.iter().map(|value| ServicePort { value })
    }

    /// The name that an `ExternalName` service stands for.
    pub fn external_name(self) -> Attr<&'g str> {
        non_empty(self.body().attr_at(&["spec", "externalName"]).and(Value::as_str))
    }

    /// Addresses outside the cluster that it answers at.
    pub fn external_ips(self) -> Strings<'g> {
        Strings::new(self.body().attr_at(&["spec", "externalIPs"]))
    }

    /// Source ranges that a load balancer lets in: the field, else the annotation (which holds a list with commas).
    /// Absent: everybody.
    pub fn load_balancer_source_ranges(self) -> Strings<'g> {
        Strings::new(self.body().attr_at(&["spec", "loadBalancerSourceRanges"]).or(|_| {
            let key = "service.beta.kubernetes.io/load-balancer-source-ranges";
            match self.annotations().attr() {
                Attr::Known(map, _) => map.attr(key),
                Attr::Absent(origin) => Attr::Absent(origin),
                Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
            }
        }))
    }

    /// The controller that makes its load balancer. Absent: the cloud provider's.
    pub fn load_balancer_class(self) -> Attr<&'g str> {
        non_empty(self.body().attr_at(&["spec", "loadBalancerClass"]).and(Value::as_str))
    }
}

/// A port of a Service.
#[derive(Clone, Copy, Debug)]
pub struct ServicePort<'g> {
    value: &'g Value,
}

impl<'g> ServicePort<'g> {
    /// Its name.
    pub fn name(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("name"))
    }

    /// Its number.
    pub fn port(self) -> Attr<i64> {
        self.value.attr_i64("port")
    }

    /// The port of the pods: a number or a name. Absent: the same number.
    pub fn target_port(self) -> Attr<&'g Value> {
        self.value.attr("targetPort")
    }

    /// The port of every node. Absent: the cluster chooses, if the type has one.
    pub fn node_port(self) -> Attr<i64> {
        self.value.attr_i64("nodePort")
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
