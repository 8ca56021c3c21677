//! Nodes and edges that wait to be added.

use std::collections::HashMap;

use crate::{Alias, Edge, Graph, Node, NodeId};

/// What one step of building wants to add: it reads the graph as it is, and its additions are made afterwards, so
/// no step sees half of its own work.
#[derive(Debug, Default)]
pub struct Additions {
    pub(crate) nodes: Vec<Node>,
    pub(crate) edges: Vec<(NodeId, NodeId, Edge)>,
    pub(crate) aliases: Vec<(Alias, NodeId)>,
    known: HashMap<String, NodeId>,
}

impl Additions {
    /// Returns the node with the id of `node`, adding it if neither the graph nor the additions have it.
    pub fn node(&mut self, graph: &Graph<'_>, node: Node) -> NodeId {
        if let Some(known) = graph.find_id(&node.id).or_else(|| self.known.get(&node.id).copied()) {
            return known;
        }
        let id = NodeId((graph.node_count() + self.nodes.len()) as u32);
        self.known.insert(node.id.clone(), id);
        self.nodes.push(node);
        id
    }

    /// The node with an id, if these additions made it.
    pub(crate) fn existing(&self, id: &str) -> Option<NodeId> {
        self.known.get(id).copied()
    }

    /// Adds an edge.
    pub fn edge(&mut self, from: NodeId, to: NodeId, edge: Edge) {
        self.edges.push((from, to, edge));
    }

    /// Registers a name of a node.
    pub fn alias(&mut self, alias: Alias, node: NodeId) {
        self.aliases.push((alias, node));
    }
}
