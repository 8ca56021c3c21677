//! What leads to Services and gateways: `routes`.

use iac_model::Attr;

use super::references::{Wanted, find};
use crate::kubernetes::{Backend, KubernetesView, Object};
use crate::{Additions, Edge, EdgeKind, Graph, NodeKind, View};

/// Links Ingresses and routes with the Services and gateways that they name.
pub(super) fn routes(graph: &Graph<'_>, additions: &mut Additions) {
    for ingress in graph.ingresses() {
        services(graph, additions, ingress.object(), &ingress.backends());
    }
    for route in graph.routes() {
        services(graph, additions, route.object(), &route.backends());
        for gateway in route.gateways() {
            let Attr::Known(name, origin) = gateway else { continue };
            let (namespace, name) = name.split_once('/').unwrap_or((route.namespace_or_default(), name));
            for node in find(graph, Wanted::new("Gateway", namespace, name), route.node()) {
                if graph.node(node).kind == NodeKind::Gateway {
                    let edge = Edge::new(EdgeKind::Routes).because(origin, route.address());
                    additions.edge(route.node(), node, edge);
                }
            }
        }
    }
}

fn services(graph: &Graph<'_>, additions: &mut Additions, from: Object<'_>, backends: &[Backend<'_>]) {
    for backend in backends {
        let Some(name) = backend.service.known() else { continue };
        let namespace = backend.namespace.known().unwrap_or(from.namespace_or_default());
        for node in find(graph, Wanted::new("Service", namespace, name), from.node()) {
            if graph.node(node).kind == NodeKind::Service {
                let edge = Edge::new(EdgeKind::Routes).because(backend.origin, from.address());
                additions.edge(from.node(), node, edge);
            }
        }
    }
}
