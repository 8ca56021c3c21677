//! On which nodes pods can run: `scheduled-on`, and which cluster they belong to: `in-cluster`.

use std::collections::HashMap;

use crate::cloud::{NodeGroup, TerraformResource};
use crate::kubernetes::{KubernetesView, Workload};
use crate::{Additions, Edge, EdgeKind, Graph, NodeId, NodeKind, Tri, View};

/// Links workloads with the node groups that take them.
///
/// What Terraform installs goes to the cluster that its provider configuration names, else to the one of its root module;
/// a workload whose cluster the input does not tell goes to the groups of the only cluster there is.
pub(super) fn scheduled(graph: &Graph<'_>, additions: &mut Additions) {
    let places = Places::new(graph);
    let groups: Vec<(NodeGroup<'_>, Vec<NodeId>)> =
        graph.node_groups().map(|group| (group, group.clusters().collect())).collect();
    let mut done: HashMap<NodeId, usize> = HashMap::new();
    for workload in graph.workloads() {
        let cluster = places.cluster(workload);
        if let Some(cluster) = cluster
            && done.insert(workload.node(), 0).is_none()
        {
            additions.edge(workload.node(), cluster, Edge::new(EdgeKind::InCluster));
        }
        if fargate(graph, workload, cluster) {
            continue;
        }
        for (group, clusters) in &groups {
            let same = match cluster {
                _ if group.is_node_class() => places.of_node(graph, group.node()) == cluster,
                Some(cluster) => clusters.iter().any(|one| places.same(*one, cluster)),
                None => false,
            };
            if !same {
                continue;
            }
            let fits = group.takes(workload).and(group.exists());
            let edge = Edge::new(EdgeKind::ScheduledOn).because(workload.spec().origin, workload.address());
            match fits {
                Tri::No => {}
                Tri::Yes => additions.edge(workload.node(), group.node(), edge),
                Tri::Unknown(symbol) => {
                    additions.edge(workload.node(), group.node(), edge.possible(symbol));
                }
            }
        }
    }
}

/// Tells whether a Fargate profile takes the pod; then no node does.
fn fargate(graph: &Graph<'_>, workload: Workload<'_>, cluster: Option<NodeId>) -> bool {
    let namespace = workload.namespace_or_default();
    graph.terraform("aws_eks_fargate_profile").any(|profile| {
        let clusters = profile.refers_to(crate::cloud::names::Family::EksCluster, "cluster_name");
        let here = clusters.is_empty() || cluster.is_some_and(|cluster| clusters.contains(&cluster));
        here && profile.exists().is_yes()
            && profile.blocks("selector").any(|selector| {
                let named = selector.get("namespace").and_then(|name| name.as_str());
                let named = named.is_some_and(|name| {
                    crate::cloud::Glob::pattern(name).matches(&crate::cloud::Glob::exact(namespace)).is_yes()
                });
                let labels = selector.get("labels").and_then(|labels| labels.as_map());
                named
                    && labels.into_iter().flatten().all(|label| {
                        let own = workload.pod_labels().get(&label.key.to_str_lossy()).known();
                        own.is_some() && own == label.value.as_str()
                    })
            })
    })
}

/// The clusters of the scan as nodes.
struct Places {
    /// Number and node of each cluster; data sources have the number of what they find.
    numbers: HashMap<NodeId, u32>,
    nodes: HashMap<u32, NodeId>,
    /// The only cluster of the scan.
    only: Option<NodeId>,
}

const CLUSTERS: [NodeKind; 3] = [NodeKind::AksCluster, NodeKind::EksCluster, NodeKind::GkeCluster];

impl Places {
    fn new(graph: &Graph<'_>) -> Self {
        let (mut numbers, mut nodes) = (HashMap::new(), HashMap::new());
        for (node, _) in CLUSTERS.iter().flat_map(|kind| graph.nodes_of(*kind)) {
            let Some(cluster) = TerraformResource::of(graph, node) else { continue };
            let (root, address) = (&cluster.id().root, cluster.address());
            let Some(number) = graph.homes.number(root, address) else { continue };
            numbers.insert(node, number);
            if graph.homes.place(number) == Some((root, address)) {
                nodes.insert(number, node);
            }
        }
        let only = if graph.homes.cluster_count() == 1 { nodes.values().next().copied() } else { None };
        Self { numbers, nodes, only }
    }

    fn cluster(&self, workload: Workload<'_>) -> Option<NodeId> {
        self.of_node(workload.graph(), workload.node())
    }

    fn of_node(&self, graph: &Graph<'_>, node: NodeId) -> Option<NodeId> {
        let own = || match graph.node(node).home.clusters() {
            [one] => self.nodes.get(one).copied(),
            _ => None,
        };
        self.only.or_else(own)
    }

    fn same(&self, one: NodeId, two: NodeId) -> bool {
        one == two || self.numbers.get(&one).is_some_and(|number| self.numbers.get(&two) == Some(number))
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{Scan, edges};
    use crate::{EdgeKind, Graph};

    const PODS: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: pinned, namespace: shop}
spec: {template: {spec: {nodeSelector: {pool: general}, containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: everywhere, namespace: shop}
spec: {template: {spec: {tolerations: [{operator: Exists}], containers: [{name: c, image: i}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: plain, namespace: shop}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: picky, namespace: shop}
spec:
  affinity:
    nodeAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        nodeSelectorTerms: [{matchExpressions: [{key: pool, operator: NotIn, values: [general]}]}]
  containers: [{name: c, image: i}]
---
apiVersion: v1
kind: Pod
metadata: {name: lost, namespace: shop}
spec: {nodeSelector: {pool: gpu}, containers: [{name: c, image: i}]}
";

    fn graph() -> Graph<'static> {
        Scan::new()
            .manifest("pods.yaml", PODS)
            .terraform("aws_eks_cluster", "c", "{name: prod, role_arn: x}")
            .terraform("aws_eks_node_group", "general", "{cluster_name: prod, node_role_arn: a, labels: {pool: general}}")
            .terraform(
                "aws_eks_node_group",
                "system",
                "{cluster_name: prod, node_role_arn: b, labels: {pool: system}, taint: [{key: d, value: s, effect: NO_SCHEDULE}]}",
            )
            .terraform("aws_eks_node_group", "open", "{cluster_name: prod, node_role_arn: c, labels: '${var.labels}'}")
            .build()
    }

    #[test]
    fn labels_and_taints_decide() {
        assert_eq!(
            edges(&graph(), EdgeKind::ScheduledOn),
            [
                "DaemonSet/shop/everywhere aws_eks_node_group.general",
                "DaemonSet/shop/everywhere aws_eks_node_group.open",
                "DaemonSet/shop/everywhere aws_eks_node_group.system",
                "Deployment/shop/pinned aws_eks_node_group.general",
                "Deployment/shop/pinned? aws_eks_node_group.open",
                "Pod/shop/lost? aws_eks_node_group.open",
                "Pod/shop/picky? aws_eks_node_group.open",
                "Pod/shop/plain aws_eks_node_group.general",
                "Pod/shop/plain aws_eks_node_group.open",
            ]
        );
        assert_eq!(edges(&graph(), EdgeKind::NodeOf).len(), 3);
    }

    #[test]
    fn fargate_pods_have_no_nodes() {
        let graph = Scan::new()
            .manifest("pods.yaml", PODS)
            .terraform("aws_eks_cluster", "c", "{name: prod}")
            .terraform("aws_eks_node_group", "g", "{cluster_name: prod}")
            .terraform("aws_eks_fargate_profile", "f", "{cluster_name: prod, selector: [{namespace: 'sh*'}]}")
            .build();
        assert_eq!(edges(&graph, EdgeKind::ScheduledOn), Vec::<String>::new());
    }
}
