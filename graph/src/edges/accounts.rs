//! Namespaces that are used, and which ServiceAccount a workload runs as.

use iac_model::Attr;

use super::references::{Wanted, find};
use crate::kubernetes::KubernetesView;
use crate::{Additions, Edge, EdgeKind, Graph, Node, NodeKind, View};

/// Adds a node for each namespace that is used but not declared.
pub(super) fn namespaces(graph: &Graph<'_>, additions: &mut Additions) {
    for object in graph.objects() {
        let Some(name) = object.namespace() else { continue };
        if iac_model::is_cluster_scoped(object.api_group(), object.kind())
            || graph.namespaces_named(name).any(|namespace| namespace.can_meet(object))
        {
            continue;
        }
        let id = format!("k8s:?//Namespace//{name}");
        let node = Node::implicit(NodeKind::Namespace, id, format!("Namespace/{name}"));
        additions.node(graph, graph.housed(node, object.node(), name));
    }
}

/// Links workloads and ServiceAccounts: `runs-as`.
pub(super) fn runs_as(graph: &Graph<'_>, additions: &mut Additions) {
    for workload in graph.workloads() {
        let name = workload.service_account_name();
        let (name, origin) = match name {
            Attr::Known(name, origin) => (name.to_owned(), origin),
            Attr::Absent(origin) => ("default".to_owned(), origin),
            Attr::Unknown(symbol, origin) => {
                match super::references::text(workload.spec(), "serviceAccountName") {
                    Some(text) => (text, origin),
                    None => (graph.store().symbols.placeholder(symbol).to_owned(), origin),
                }
            }
        };
        let namespace = workload.namespace_or_default();
        let found = find(graph, Wanted::new("ServiceAccount", namespace, &name), workload.node());
        let edge = Edge::new(EdgeKind::RunsAs).because(origin, workload.address());
        if found.is_empty() {
            let account = graph.housed(implied(namespace, &name), workload.node(), namespace);
            let node = additions.node(graph, account);
            additions.edge(workload.node(), node, edge);
            continue;
        }
        for account in found {
            additions.edge(workload.node(), account, edge.clone());
        }
    }
}

/// A ServiceAccount that something uses and nobody wrote.
pub(super) fn implied(namespace: &str, name: &str) -> Node {
    Node::implicit(
        NodeKind::ServiceAccount,
        format!("k8s:?//ServiceAccount/{namespace}/{name}"),
        format!("ServiceAccount/{namespace}/{name}"),
    )
}
