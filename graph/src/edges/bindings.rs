//! Who is bound to which role: `bound` and `grants`.

use iac_model::Attr;

use super::accounts::implied;
use super::references::{Wanted, find, text};
use crate::kubernetes::{Binding, KubernetesView, Subject, SubjectKind};
use crate::{Additions, Edge, EdgeKind, Graph, Node, NodeId, NodeKind, View};

/// Links subjects, bindings and roles.
pub(super) fn grants(graph: &Graph<'_>, additions: &mut Additions) {
    for binding in graph.bindings() {
        for subject in binding.subjects() {
            for node in subjects(graph, additions, subject) {
                let edge = Edge::new(EdgeKind::Bound).because(subject.origin(), binding.address());
                additions.edge(node, binding.node(), edge);
            }
        }
        for (node, edge) in roles(graph, additions, binding) {
            additions.edge(binding.node(), node, edge);
        }
    }
}

fn subjects(graph: &Graph<'_>, additions: &mut Additions, subject: Subject<'_>) -> Vec<NodeId> {
    let Some(name) = text(subject.value(), "name") else { return Vec::new() };
    match subject.kind() {
        None => Vec::new(),
        Some(SubjectKind::Group) => vec![additions.node(graph, subject_node("Group", &name))],
        Some(SubjectKind::User) => vec![additions.node(graph, subject_node("User", &name))],
        Some(SubjectKind::ServiceAccount) => {
            let written = text(subject.value(), "namespace").filter(|namespace| !namespace.is_empty());
            let namespace = match (written, subject.namespace()) {
                (Some(namespace), _) => namespace,
                (None, Attr::Known(namespace, _)) => namespace.to_owned(),
                (None, Attr::Absent(_) | Attr::Unknown(..)) => return Vec::new(),
            };
            let binding = subject.binding().node();
            let found = find(graph, Wanted::new("ServiceAccount", &namespace, &name), binding);
            if !found.is_empty() {
                return found;
            }
            vec![additions.node(graph, implied(&namespace, &name))]
        }
    }
}

/// Links ServiceAccounts with the bindings of the groups they belong to.
///
/// Go: apiserver, pkg/authentication/serviceaccount/util.go, `MakeGroupNames`.
pub(super) fn memberships(graph: &Graph<'_>, additions: &mut Additions) {
    for (group, node) in graph.nodes_of(NodeKind::Subject) {
        let Some(name) = node.address.strip_prefix("Group/") else { continue };
        let namespace = match name {
            "system:authenticated" | "system:serviceaccounts" => None,
            _ => match name.strip_prefix("system:serviceaccounts:") {
                Some(namespace) => Some(namespace),
                None => continue,
            },
        };
        let bound = graph.edges_from(group).filter(|link| link.edge.kind == EdgeKind::Bound);
        let bound: Vec<_> = bound.collect();
        for account in graph.service_accounts() {
            if namespace.is_some_and(|namespace| account.namespace() != namespace) {
                continue;
            }
            for link in &bound {
                additions.edge(account.node(), link.to, link.edge.clone());
            }
        }
    }
}

/// A user or group; both exist outside the cluster.
pub(super) fn subject_node(kind: &str, name: &str) -> Node {
    Node {
        name: name.to_owned(),
        ..Node::implicit(
            NodeKind::Subject,
            format!("k8s:?/rbac.authorization.k8s.io/{kind}//{name}"),
            format!("{kind}/{name}"),
        )
    }
}

fn roles(graph: &Graph<'_>, additions: &mut Additions, binding: Binding<'_>) -> Vec<(NodeId, Edge)> {
    let Some(reference) = binding.body().get("roleRef") else { return Vec::new() };
    let (Some(kind), Some(name)) = (binding.role_kind().known(), text(reference, "name")) else {
        return Vec::new();
    };
    let edge = Edge::new(EdgeKind::Grants).because(reference.origin, binding.address());
    let (namespace, kind, node_kind) = match kind {
        "ClusterRole" => ("", "ClusterRole", NodeKind::ClusterRole),
        "Role" => (binding.namespace_or_default(), "Role", NodeKind::Role),
        _ => return Vec::new(),
    };
    let mut found = find(graph, Wanted::new(kind, namespace, &name), binding.node());
    if found.is_empty() {
        let address = if namespace.is_empty() {
            format!("{kind}/{name}")
        } else {
            format!("{kind}/{namespace}/{name}")
        };
        let id = format!("k8s:?/rbac.authorization.k8s.io/{kind}/{namespace}/{name}");
        let role = Node { name: name.clone(), ..Node::implicit(node_kind, id, address) };
        found.push(additions.node(graph, role));
    }
    found.into_iter().map(|node| (node, edge.clone())).collect()
}
