//! The nodes that attack paths lead to and that nobody writes.

use crate::{Additions, Certainty, Edge, Graph, Node, NodeId, NodeKind, Tri};

/// Full control of a cloud account, project or subscription.
pub(crate) fn cloud_admin(graph: &Graph<'_>, additions: &mut Additions) -> NodeId {
    additions.node(graph, Node::implicit(NodeKind::CloudAdmin, "target:cloud-admin", "cloud-admin"))
}

/// Full control of a cluster.
pub(crate) fn cluster_admin(graph: &Graph<'_>, additions: &mut Additions) -> NodeId {
    additions.node(graph, Node::implicit(NodeKind::ClusterAdmin, "target:cluster-admin", "cluster-admin"))
}

/// Gives an edge the certainty of an answer; `None` if the answer is no.
pub(crate) fn as_sure_as(edge: Edge, truth: Tri) -> Option<Edge> {
    match truth {
        Tri::No => None,
        Tri::Unknown(symbol) => Some(edge.possible(symbol)),
        Tri::Yes => Some(Edge { certainty: Certainty::Certain, ..edge }),
    }
}
