//! How nodes are linked: one file an edge family. Each family reads the graph and says what to add.

mod accounts;
pub(crate) mod aws_attacks;
mod aws_escalations;
mod aws_network;
mod aws_structure;
mod azure;
mod bindings;
mod cluster_access;
mod configuration;
mod escapes;
mod external_secrets;
mod google;
pub(crate) mod identities;
mod metadata;
mod owners;
mod permissions;
mod policies;
mod pools;
mod reaches;
mod references;
mod routes;
mod scheduling;
mod selects;
pub(crate) mod targets;
#[cfg(test)]
mod tests;
mod tokens;

pub(crate) use references::is_closest;

use crate::kubernetes::{network, rbac};
use crate::{Additions, Graph};

/// Adds all edges. The order matters where a family follows the edges of another.
pub(crate) fn link(graph: &mut Graph<'_>) {
    add(graph, FAMILIES);
    graph.guards = network::guards(graph);
    graph.rbac = rbac::Model::new(graph);
    add(graph, ATTACKS);
}

fn add(graph: &mut Graph<'_>, families: &[Family]) {
    for family in families {
        let mut additions = Additions::default();
        family(graph, &mut additions);
        graph.extend(additions);
    }
}

type Family = fn(&Graph<'_>, &mut Additions);

const FAMILIES: &[Family] = &[
    owners::symbols,
    accounts::namespaces,
    accounts::runs_as,
    bindings::grants,
    bindings::token_groups,
    bindings::memberships,
    selects::selects,
    routes::routes,
    policies::applies_to,
    configuration::uses,
    external_secrets::materialises,
    tokens::tokens,
    pools::inline,
    aws_structure::policies,
    aws_structure::node_groups,
    aws_structure::issuers,
    aws_structure::cluster_access,
    aws_network::security_groups,
    aws_network::keys,
    google::default_accounts,
    google::node_pools,
    azure::made_identities,
    azure::node_pools,
    scheduling::scheduled,
    identities::declared,
];

/// What attackers can do. These families follow the structural edges.
const ATTACKS: &[Family] = &[
    reaches::outside,
    reaches::pods,
    escapes::escapes,
    escapes::shared_processes,
    permissions::attacks,
    metadata::credentials,
    aws_attacks::administrators,
    aws_attacks::assumptions,
    aws_attacks::outsiders,
    aws_escalations::escalations,
    aws_attacks::data,
    google::roles,
    azure::roles,
    cluster_access::subjects,
    cluster_access::access_policies,
    identities::working,
    identities::kube2iam,
    identities::static_keys,
    escapes::node_effects,
];
