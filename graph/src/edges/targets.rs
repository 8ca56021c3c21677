//! The nodes that attack paths start from or lead to and that nobody writes.

use crate::kubernetes::Workload;
use crate::{Additions, Certainty, Edge, EdgeKind, Graph, Node, NodeId, NodeKind, Tri, View};

/// Full control of a cloud account, project or subscription.
pub(crate) fn cloud_admin(graph: &Graph<'_>, additions: &mut Additions) -> NodeId {
    additions.node(graph, Node::implicit(NodeKind::CloudAdmin, "target:cloud-admin", "cloud-admin"))
}

/// Full control of a cluster.
pub(crate) fn cluster_admin(graph: &Graph<'_>, additions: &mut Additions) -> NodeId {
    additions.node(graph, Node::implicit(NodeKind::ClusterAdmin, "target:cluster-admin", "cluster-admin"))
}

/// The internet.
pub(super) fn internet(graph: &Graph<'_>, additions: &mut Additions) -> NodeId {
    additions.node(graph, Node::implicit(NodeKind::Internet, "internet", "internet"))
}

/// The network around the cluster.
pub(super) fn network(graph: &Graph<'_>, additions: &mut Additions) -> NodeId {
    additions.node(graph, Node::implicit(NodeKind::Network, "network", "network"))
}

/// All Secrets of a namespace; `*` for all namespaces.
pub(super) fn secrets(graph: &Graph<'_>, additions: &mut Additions, namespace: &str) -> NodeId {
    let id = format!("implicit:secrets/{namespace}");
    additions.node(graph, Node::implicit(NodeKind::Secrets, id, format!("Secrets/{namespace}")))
}

/// The node groups of the scan, as far as workloads are scheduled on them.
pub(super) struct NodeGroups {
    groups: Vec<NodeId>,
}

impl NodeGroups {
    pub(super) fn new(graph: &Graph<'_>) -> Self {
        let scheduled = graph.edges().filter(|link| link.edge.kind == EdgeKind::ScheduledOn);
        let mut groups: Vec<NodeId> = scheduled.map(|link| link.to).collect();
        groups.sort_unstable();
        groups.dedup();
        Self { groups }
    }

    /// The nodes on which a workload may run: the node groups that it is scheduled on, else some node of which nothing
    /// is known. A workload that has no node group though others have one runs on none.
    pub(super) fn of(
        &self,
        graph: &Graph<'_>,
        additions: &mut Additions,
        workload: Workload<'_>,
    ) -> Vec<NodeId> {
        if self.groups.is_empty() {
            return vec![some_node(graph, additions)];
        }
        graph.followed(workload.node(), EdgeKind::ScheduledOn).collect()
    }

    /// The nodes on which a new pod may run.
    pub(super) fn all(&self, graph: &Graph<'_>, additions: &mut Additions) -> Vec<NodeId> {
        if self.groups.is_empty() { vec![some_node(graph, additions)] } else { self.groups.clone() }
    }
}

/// A node of which nothing is known.
fn some_node(graph: &Graph<'_>, additions: &mut Additions) -> NodeId {
    additions.node(graph, Node::implicit(NodeKind::Node, "implicit:node/?", "node"))
}

/// Gives an edge the certainty of an answer; `None` if the answer is no.
pub(crate) fn as_sure_as(edge: Edge, truth: Tri) -> Option<Edge> {
    match truth {
        Tri::No => None,
        Tri::Unknown(symbol) => Some(edge.possible(symbol)),
        Tri::Yes => Some(Edge { certainty: Certainty::Certain, ..edge }),
    }
}
