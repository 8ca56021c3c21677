//! How one object refers to another by name.

use iac_model::{Kind, Value};

use crate::{Graph, NodeId};

/// What a reference names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'w> {
    kind: &'w str,
    namespace: &'w str,
    name: &'w str,
}

impl<'w> Wanted<'w> {
    /// An object of a kind; the namespace is empty for kinds that have none.
    pub(crate) fn new(kind: &'w str, namespace: &'w str, name: &'w str) -> Self {
        Self { kind, namespace, name }
    }
}

/// Finds the objects that a reference from a node may mean. Of several with the same names those closest in the tree
/// count: a repository often holds the same application once for each environment.
pub(crate) fn find(graph: &Graph<'_>, wanted: Wanted<'_>, from: NodeId) -> Vec<NodeId> {
    let mut found = named(graph, wanted, wanted.namespace);
    if wanted.namespace == "default" {
        found.extend(named(graph, wanted, ""));
    }
    found.retain(|&node| graph.can_meet(node, from));
    closest(graph, from, found)
}

/// Of things with the same name those that are closest to a node in the tree, counted in directories.
fn closest(graph: &Graph<'_>, from: NodeId, mut nodes: Vec<NodeId>) -> Vec<NodeId> {
    if nodes.len() < 2 {
        return nodes;
    }
    let path = unit_path(graph, from);
    let closeness = |node: NodeId| common(&path, &unit_path(graph, node));
    let best = nodes.iter().map(|&node| closeness(node)).max().unwrap_or(0);
    nodes.retain(|&node| closeness(node) == best);
    nodes
}

/// Tells whether something that a node selects is the closest of its name: the same application stands in several
/// places of a repository, once for each environment, and selectors would link one with the other.
pub(crate) fn is_closest(graph: &Graph<'_>, from: NodeId, node: NodeId) -> bool {
    let same = graph.find_address(&graph.node(node).address);
    if same.len() < 2 {
        return true;
    }
    let same = same.iter().copied().filter(|&other| graph.can_meet(from, other)).collect();
    closest(graph, from, same).contains(&node)
}

fn named(graph: &Graph<'_>, wanted: Wanted<'_>, namespace: &str) -> Vec<NodeId> {
    let key = (wanted.kind.to_owned(), namespace.to_owned(), wanted.name.to_owned());
    let found = graph.index.names.get(&key).map_or(&[][..], Vec::as_slice);
    found.iter().map(|&object| graph.objects[object as usize].node).collect()
}

fn unit_path(graph: &Graph<'_>, node: NodeId) -> String {
    let resource = graph.node(node).resource.and_then(|index| graph.resource_at(index));
    let unit = resource.and_then(|resource| graph.units().get(resource.unit.0 as usize));
    unit.map_or_else(String::new, |unit| format!("{}/{}", unit.path, unit.instance.as_deref().unwrap_or("")))
}

/// Counts the leading components that two paths share.
fn common(one: &str, two: &str) -> usize {
    one.split('/').zip(two.split('/')).take_while(|(one, two)| one == two).count()
}

/// The text of a field with placeholders for its unknown parts, so that equal unknowns find each other.
pub(crate) fn text(value: &Value, key: &str) -> Option<String> {
    match &value.get(key)?.kind {
        Kind::String(text) => Some(text.to_str_lossy().into_owned()),
        _ => None,
    }
}
