//! How nodes are linked: one file an edge family. Each family reads the graph and says what to add.

mod accounts;
mod bindings;
mod configuration;
mod references;
mod selects;
mod tokens;

use crate::kubernetes::rbac;
use crate::{Additions, Graph};

/// Adds all edges. The order matters where a family follows the edges of another.
pub(crate) fn link(graph: &mut Graph<'_>) {
    for family in FAMILIES {
        let mut additions = Additions::default();
        family(graph, &mut additions);
        graph.extend(additions);
    }
    graph.rbac = rbac::Model::new(graph);
}

type Family = fn(&Graph<'_>, &mut Additions);

const FAMILIES: &[Family] = &[
    accounts::namespaces,
    accounts::runs_as,
    bindings::grants,
    bindings::memberships,
    selects::selects,
    configuration::uses,
    tokens::tokens,
];
