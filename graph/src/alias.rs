//! The names by which nodes are referred to.

use std::collections::HashMap;

use iac_model::SymbolId;

use crate::NodeId;

/// One way to refer to a node: unknown values link by their symbol, known ones by what they say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Alias {
    /// A name of a family of names, in a form that the family decides: `("aws:role", "path/name")`.
    Name(&'static str, String),
    /// The symbol of an attribute that identifies the node: `aws_iam_role.app.arn`.
    Symbol(SymbolId),
}

/// Which nodes an alias may mean, in the order in which they were registered.
#[derive(Debug, Default)]
pub(crate) struct Aliases {
    nodes: HashMap<Alias, Vec<NodeId>>,
}

impl Aliases {
    pub(crate) fn add(&mut self, alias: Alias, node: NodeId) {
        let nodes = self.nodes.entry(alias).or_default();
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }

    pub(crate) fn find(&self, alias: &Alias) -> &[NodeId] {
        self.nodes.get(alias).map_or(&[], Vec::as_slice)
    }
}
