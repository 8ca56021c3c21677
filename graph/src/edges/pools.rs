//! Node pools that are blocks of a cluster: `default_node_pool` of AKS, inline pools of GKE.

use crate::cloud::{INLINE_POOL, TerraformResource, terraform};
use crate::{Additions, Graph, Node, NodeKind, View};

/// Gives each of them a node. Its address is that of the cluster, since that is where people edit it.
pub(super) fn inline(graph: &Graph<'_>, additions: &mut Additions) {
    for cluster in graph.terraform("azurerm_kubernetes_cluster") {
        if !cluster.is_data() && terraform::count(cluster.body(), "default_node_pool") > 0 {
            add(graph, additions, cluster, NodeKind::AksNodePool, "default_node_pool:0");
        }
    }
    for cluster in graph.terraform("google_container_cluster") {
        if cluster.is_data() || cluster.body().attr_bool("enable_autopilot").is(true) {
            continue;
        }
        let written = terraform::count(cluster.body(), "node_pool");
        for index in 0..written {
            add(graph, additions, cluster, NodeKind::GkeNodePool, &format!("node_pool:{index}"));
        }
        // Removed right after creation where the configuration says so.
        if written == 0 && !cluster.body().attr_bool("remove_default_node_pool").is(true) {
            add(graph, additions, cluster, NodeKind::GkeNodePool, "default");
        }
    }
}

fn add(
    graph: &Graph<'_>,
    additions: &mut Additions,
    cluster: TerraformResource<'_>,
    kind: NodeKind,
    part: &str,
) {
    let data = cluster.data();
    additions.node(
        graph,
        Node {
            locations: data.locations.clone(),
            resource: data.resource,
            name: data.name.clone(),
            home: data.home.clone(),
            ..Node::implicit(kind, format!("{INLINE_POOL}{part}/{}", data.address), data.address.clone())
        },
    );
}
