//! On which nodes pods can run: `scheduled-on`, and which cluster they belong to: `in-cluster`.

use std::collections::{HashMap, HashSet};

use crate::cloud::{NodeGroup, TerraformResource};
use crate::kubernetes::{KubernetesView, Workload};
use crate::{Additions, Edge, EdgeKind, Graph, NodeId, NodeKind, Tri, View};

/// Links workloads with the node groups that take them.
///
/// A workload whose cluster the input does not tell goes to the groups of the only cluster there is.
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

/// Which cluster each unit is for.
struct Places {
    /// Clusters, a data source and the resource it finds as one.
    canonical: HashMap<NodeId, NodeId>,
    /// By unit.
    units: HashMap<u32, NodeId>,
    /// The only cluster of the scan.
    only: Option<NodeId>,
}

const CLUSTERS: [NodeKind; 3] = [NodeKind::AksCluster, NodeKind::EksCluster, NodeKind::GkeCluster];

impl Places {
    fn new(graph: &Graph<'_>) -> Self {
        let mut canonical = HashMap::new();
        let mut by_name: HashMap<(NodeKind, String), NodeId> = HashMap::new();
        let clusters = CLUSTERS.iter().flat_map(|kind| graph.nodes_of(*kind));
        let mut clusters: Vec<_> =
            clusters.filter_map(|(node, _)| TerraformResource::of(graph, node)).collect();
        // Resources before data sources, so that the resource stands for both.
        clusters.sort_by_key(|cluster| cluster.is_data());
        for cluster in &clusters {
            let name = cluster.name_of("name").to_string();
            let kind = cluster.data().kind;
            let known = by_name.get(&(kind, name.clone())).filter(|_| cluster.is_data()).copied();
            let one = known.unwrap_or(cluster.node());
            by_name.entry((kind, name)).or_insert(one);
            canonical.insert(cluster.node(), one);
        }
        let all: HashSet<NodeId> = canonical.values().copied().collect();
        let only = if all.len() == 1 { all.into_iter().next() } else { None };
        let mut places = Self { canonical, units: HashMap::new(), only };
        if places.only.is_none() {
            places.place_units(graph, &clusters);
        }
        places
    }

    /// A chart that a `helm_release` installs goes to the cluster of the release's root module: the one its provider
    /// configuration mentions, else the only one there.
    fn place_units(&mut self, graph: &Graph<'_>, clusters: &[TerraformResource<'_>]) {
        let mut by_root: HashMap<&str, HashSet<NodeId>> = HashMap::new();
        for cluster in clusters {
            let one = self.canonical.get(&cluster.node()).copied().unwrap_or(cluster.node());
            by_root.entry(&cluster.id().root).or_default().insert(one);
        }
        let mut by_instance: HashMap<String, HashSet<NodeId>> = HashMap::new();
        for release in graph.helm_releases() {
            let found = by_root.get(release.terraform().id().root.as_str());
            by_instance.entry(release.instance()).or_default().extend(found.into_iter().flatten());
        }
        for (index, unit) in graph.units().iter().enumerate() {
            let clusters = unit.instance.as_ref().and_then(|instance| by_instance.get(instance));
            if let Some(clusters) = clusters
                && let (Some(&cluster), 1) = (clusters.iter().next(), clusters.len())
            {
                self.units.insert(index as u32, cluster);
            }
        }
    }

    fn cluster(&self, workload: Workload<'_>) -> Option<NodeId> {
        self.of_node(workload.graph(), workload.node())
    }

    fn of_node(&self, graph: &Graph<'_>, node: NodeId) -> Option<NodeId> {
        let unit = graph.node(node).resource.and_then(|resource| graph.resource_at(resource));
        self.only.or_else(|| self.units.get(&unit?.unit.0).copied())
    }

    fn same(&self, one: NodeId, two: NodeId) -> bool {
        let of = |node: NodeId| self.canonical.get(&node).copied().unwrap_or(node);
        of(one) == of(two)
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
