//! Which resource a symbol belongs to, in scans of several root modules that use the same addresses.

use crate::cloud::TerraformResource;
use crate::{Additions, Alias, Graph, NodeId};

/// Registers the symbols of resources whose address is not unique: the root that stands before a symbol's address
/// tells which resource is meant.
pub(super) fn symbols(graph: &Graph<'_>, additions: &mut Additions) {
    let symbols = &graph.store().symbols;
    for symbol in symbols.ids() {
        let known = symbols.get(symbol);
        let Some(resource) = &known.resource else { continue };
        let nodes = graph.find_address(resource);
        if nodes.len() < 2 {
            continue;
        }
        let Some((root, _)) = known.address.split_once("//") else { continue };
        let of_root = |node: &&NodeId| {
            TerraformResource::of(graph, **node).is_some_and(|resource| resource.id().root == root)
        };
        for &node in nodes.iter().filter(of_root) {
            additions.alias(Alias::Symbol(symbol), node);
        }
    }
}
