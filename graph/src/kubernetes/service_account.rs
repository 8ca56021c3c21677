//! ServiceAccounts, written and implied.

use iac_model::Attr;

use super::{KubernetesView, Labels, Object, Workload};
use crate::{EdgeKind, Graph, NodeId, NodeKind, View};

/// A ServiceAccount. One that something uses exists though nobody wrote it: every namespace has `default`, and others
/// may lie outside the input.
#[derive(Clone, Copy, Debug)]
pub struct ServiceAccount<'g> {
    graph: &'g Graph<'g>,
    node: NodeId,
}

impl<'g> Graph<'g> {
    /// All ServiceAccounts, written and implied.
    pub fn service_accounts<'s>(&'s self) -> impl Iterator<Item = ServiceAccount<'s>> + use<'s, 'g> {
        self.nodes_of(NodeKind::ServiceAccount).map(|(node, _)| ServiceAccount { graph: self, node })
    }
}

impl<'g> View<'g> for ServiceAccount<'g> {
    fn graph(self) -> &'g Graph<'g> {
        self.graph
    }

    fn node(self) -> NodeId {
        self.node
    }
}

impl<'g> ServiceAccount<'g> {
    /// The ServiceAccount of a node.
    pub fn of(graph: &'g Graph<'_>, node: NodeId) -> Option<Self> {
        (graph.node(node).kind == NodeKind::ServiceAccount).then_some(Self { graph, node })
    }

    /// Its object; `None` if nobody wrote it.
    pub fn object(self) -> Option<Object<'g>> {
        self.graph.object(self.node)
    }

    /// Its name.
    pub fn name(self) -> &'g str {
        &self.data().name
    }

    /// Its namespace: `default` where the input gives none.
    pub fn namespace(self) -> &'g str {
        match self.object() {
            Some(object) => object.namespace_or_default(),
            None => self.address().split('/').nth(1).unwrap_or("default"),
        }
    }

    /// Pods mount its token. Absent: true. `None` if nobody wrote it.
    pub fn automount(self) -> Option<Attr<bool>> {
        Some(self.object()?.body().attr_bool("automountServiceAccountToken"))
    }

    /// Its annotations, which name cloud identities; `None` if nobody wrote it.
    pub fn annotations(self) -> Option<Labels<'g>> {
        Some(self.object()?.annotations())
    }

    /// The workloads that run as it. An object with several pod templates counts once.
    pub fn workloads(self) -> impl Iterator<Item = Workload<'g>> {
        let nodes = self.graph.followed_back(self.node, EdgeKind::RunsAs);
        nodes.filter_map(|node| Workload::of(self.graph.object(node)?).next())
    }
}
