//! Who is bound to which role: `bound` and `grants`.

use iac_model::Attr;

use super::accounts::implied;
use super::references::{Wanted, find, text};
use crate::kubernetes::{Binding, KubernetesView, Strings, Subject, SubjectKind};
use crate::{Additions, Edge, EdgeKind, Graph, Node, NodeId, NodeKind, View};

/// Links subjects, bindings and roles.
pub(super) fn grants(graph: &Graph<'_>, additions: &mut Additions) {
    for binding in graph.bindings() {
        for subject in binding.subjects() {
            for node in subjects(graph, additions, subject) {
                let mut edge = Edge::new(EdgeKind::Bound);
                if let Some(name) = subject.address() {
                    edge = edge.because(subject.origin(), name);
                }
                let edge = edge.because(subject.origin(), binding.address());
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
        Some(SubjectKind::Group) => vec![subject_in(graph, additions, "Group", &name)],
        Some(SubjectKind::User) => vec![subject_in(graph, additions, "User", &name)],
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
            let account = graph.housed(implied(&namespace, &name), binding, &namespace);
            vec![additions.node(graph, account)]
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

/// The node of a user or group: a row of a token file, else one of its own.
pub(super) fn subject_in(graph: &Graph<'_>, additions: &mut Additions, kind: &str, name: &str) -> NodeId {
    let known = graph.find_address(&format!("{kind}/{name}")).iter().copied();
    let mut known = known.filter(|&node| graph.node(node).kind == NodeKind::Subject);
    known.next().unwrap_or_else(|| additions.node(graph, subject_node(kind, name)))
}

/// Links the users of token files with the groups that their rows name: `member-of`.
pub(super) fn token_groups(graph: &Graph<'_>, additions: &mut Additions) {
    for token in graph.raw("StaticToken") {
        for (group, origin) in Strings::new(token.body().attr("groups")).known() {
            let node = subject_in(graph, additions, "Group", group);
            additions.edge(
                token.node(),
                node,
                Edge::new(EdgeKind::MemberOf).because(origin, token.address()),
            );
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
