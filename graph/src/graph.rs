//! The graph and the questions it answers.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use iac_model::{OriginId, Problem, Resource, Store, SymbolId, Unit};
use petgraph::Direction;
use petgraph::graph::DiGraph;
use petgraph::visit::EdgeRef;

use crate::alias::Aliases;
use crate::cloud::CloudIndex;
use crate::homes::Homes;
use crate::ingest::{self, ObjectData};
use crate::kubernetes::{Object, network, rbac};
use crate::{
    Additions, Alias, AttackPaths, Certainty, Edge, EdgeFamily, EdgeId, EdgeKind, Node, NodeId, NodeKind,
    Settings, Variant, edges,
};

/// Everything a scan knows about what would exist, as nodes and edges.
#[derive(Debug)]
pub struct Graph<'a> {
    pub(crate) store: &'a Store,
    pub(crate) settings: Settings,
    pub(crate) units: &'a [Unit],
    pub(crate) resources: Vec<Resource>,
    pub(crate) objects: Vec<ObjectData>,
    pub(crate) index: Index,
    pub(crate) homes: Homes,
    pub(crate) value_sets: Vec<Option<String>>,
    /// The renderings of each chart instance.
    pub(crate) renderings: BTreeMap<u32, Vec<u32>>,
    pub(crate) rbac: rbac::Model,
    /// The network policies of each workload that has some.
    pub(crate) guards: HashMap<NodeId, network::Guards>,
    /// What [`Graph::reported_paths`] found.
    pub(crate) reported: OnceLock<AttackPaths>,
    net: DiGraph<Node, Edge>,
    ids: HashMap<String, NodeId>,
    addresses: HashMap<String, Vec<NodeId>>,
    aliases: Aliases,
    links: HashMap<(NodeId, NodeId, EdgeKind), Vec<EdgeId>>,
    problems: Vec<Problem>,
    pub(crate) cloud: CloudIndex,
}

/// Where to find Kubernetes objects; positions in `objects`.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// By kind.
    pub(crate) kinds: HashMap<String, Vec<u32>>,
    /// By kind, namespace (empty for none) and name.
    pub(crate) names: HashMap<(String, String, String), Vec<u32>>,
    /// By node; `None` for nodes that are no object.
    pub(crate) nodes: HashMap<NodeId, u32>,
}

/// An edge with its ends.
#[derive(Clone, Copy, Debug)]
pub struct Link<'g> {
    /// Its id.
    pub id: EdgeId,
    /// Where it starts.
    pub from: NodeId,
    /// Where it leads.
    pub to: NodeId,
    /// What it says.
    pub edge: &'g Edge,
}

impl<'a> Graph<'a> {
    /// Builds the graph of everything that was loaded. Nothing fails: what cannot be understood is left out and, if
    /// that matters, named in [`Graph::problems`].
    pub fn build(store: &'a Store, units: &'a [Unit], resources: Vec<Resource>, settings: Settings) -> Self {
        let mut graph = Self {
            store,
            settings,
            units,
            resources: Vec::new(),
            objects: Vec::new(),
            index: Index::default(),
            homes: Homes::default(),
            value_sets: Vec::new(),
            renderings: BTreeMap::new(),
            rbac: rbac::Model::default(),
            guards: HashMap::new(),
            reported: OnceLock::new(),
            net: DiGraph::new(),
            ids: HashMap::new(),
            addresses: HashMap::new(),
            aliases: Aliases::default(),
            links: HashMap::new(),
            problems: Vec::new(),
            cloud: CloudIndex::default(),
        };
        ingest::ingest(&mut graph, resources);
        edges::link(&mut graph);
        graph
    }

    /// The texts, origins and symbols that the graph's values refer to.
    pub fn store(&self) -> &'a Store {
        self.store
    }

    /// How the input is understood.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The units that the resources came from.
    pub fn units(&self) -> &'a [Unit] {
        self.units
    }

    /// All resources, as they were given; a manifest list stands for its items.
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// The resource of a node.
    pub fn resource_at(&self, index: usize) -> Option<&Resource> {
        self.resources.get(index)
    }

    /// What could not be understood.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// A node.
    ///
    /// # Panics
    /// When `id` comes from another graph.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.net[id.index()]
    }

    /// All nodes, in the order in which they were added.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.net.node_indices().map(|index| (NodeId(index.index() as u32), &self.net[index]))
    }

    /// The nodes of one kind.
    pub fn nodes_of(&self, kind: NodeKind) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes().filter(move |(_, node)| node.kind == kind)
    }

    /// Counts the nodes.
    pub fn node_count(&self) -> usize {
        self.net.node_count()
    }

    /// An edge.
    ///
    /// # Panics
    /// When `id` comes from another graph.
    pub fn edge(&self, id: EdgeId) -> &Edge {
        &self.net[id.index()]
    }

    /// Where an edge starts and where it leads.
    ///
    /// # Panics
    /// When `id` comes from another graph.
    pub fn ends(&self, id: EdgeId) -> (NodeId, NodeId) {
        let (from, to) = self.net.edge_endpoints(id.index()).expect("an edge id comes from this graph");
        (NodeId(from.index() as u32), NodeId(to.index() as u32))
    }

    /// All edges, in the order in which they were added.
    pub fn edges(&self) -> impl Iterator<Item = Link<'_>> {
        self.net.edge_references().map(link)
    }

    /// Counts the edges.
    pub fn edge_count(&self) -> usize {
        self.net.edge_count()
    }

    /// The edges that start at a node.
    pub fn edges_from(&self, node: NodeId) -> impl Iterator<Item = Link<'_>> {
        self.net.edges_directed(node.index(), Direction::Outgoing).map(link)
    }

    /// The edges that lead to a node.
    pub fn edges_to(&self, node: NodeId) -> impl Iterator<Item = Link<'_>> {
        self.net.edges_directed(node.index(), Direction::Incoming).map(link)
    }

    /// The nodes that edges of one kind lead to from a node.
    pub fn followed(&self, node: NodeId, kind: EdgeKind) -> impl Iterator<Item = NodeId> {
        self.edges_from(node).filter(move |link| link.edge.kind == kind).map(|link| link.to)
    }

    /// The nodes from which edges of one kind lead to a node.
    pub fn followed_back(&self, node: NodeId, kind: EdgeKind) -> impl Iterator<Item = NodeId> {
        self.edges_to(node).filter(move |link| link.edge.kind == kind).map(|link| link.from)
    }

    /// The node with this id.
    pub fn find_id(&self, id: &str) -> Option<NodeId> {
        self.ids.get(id).copied()
    }

    /// The nodes with this address: several for alternative renderings and for objects that are defined twice.
    pub fn find_address(&self, address: &str) -> &[NodeId] {
        self.addresses.get(address).map_or(&[], Vec::as_slice)
    }

    /// The nodes that an alias may mean.
    pub fn find_alias(&self, alias: &Alias) -> &[NodeId] {
        self.aliases.find(alias)
    }

    /// The nodes that have the attribute which a symbol stands for: registered by alias, else the resource instance
    /// that the symbol names.
    pub fn find_symbol(&self, symbol: SymbolId) -> &[NodeId] {
        let by_alias = self.find_alias(&Alias::Symbol(symbol));
        if !by_alias.is_empty() {
            return by_alias;
        }
        let resource = self.store.symbols.get(symbol).resource.as_deref();
        resource.map_or(&[], |address| self.find_address(address))
    }

    /// The name of a value set by the index that [`Variant::sets`] holds; `None` for a rendering without a name.
    pub fn value_set_name(&self, index: u32) -> Option<&str> {
        self.value_sets.get(index as usize)?.as_deref()
    }

    /// Tells whether two nodes can exist at the same time and, what is in a cluster, in the same one.
    pub fn can_meet(&self, one: NodeId, two: NodeId) -> bool {
        self.can_coexist(one, two) && self.can_be_neighbours(one, two)
    }

    /// Tells whether two nodes can be in the same cluster, as far as is known; what is in none can meet all.
    pub(crate) fn can_be_neighbours(&self, one: NodeId, two: NodeId) -> bool {
        self.homes.can_be_one(&self.node(one).home, &self.node(two).home)
    }

    /// Tells whether two nodes can exist at the same time.
    pub(crate) fn can_coexist(&self, one: NodeId, two: NodeId) -> bool {
        let (first, second) = (self.node(one).variant.as_ref(), self.node(two).variant.as_ref());
        if !Variant::can_meet(first, second) {
            return false;
        }
        let group = |variant: Option<&Variant>| variant.map(|variant| variant.group);
        // What a release without a known namespace holds is in nobody else's namespace of the same name.
        let strange = |inner: NodeId, outer: NodeId| {
            self.own_namespace(inner).is_some_and(|own| self.namespace_of(outer) == Some(own))
        };
        group(first) == group(second) || !(strange(one, two) || strange(two, one))
    }

    /// The namespace of a node, if it is in that of a release for which nobody named one.
    pub(crate) fn own_namespace(&self, node: NodeId) -> Option<&str> {
        let assumed = self.node(node).variant.as_ref()?.assumed_namespace.as_deref()?;
        (self.namespace_of(node) == Some(assumed)).then_some(assumed)
    }

    /// The chart instance whose own namespace a node means by a name, if nobody named that namespace.
    pub(crate) fn release_of(&self, node: NodeId, namespace: &str) -> Option<u32> {
        let variant = self.node(node).variant.as_ref()?;
        (variant.assumed_namespace.as_deref() == Some(namespace)).then_some(variant.group)
    }

    /// The namespace that an object is in or, for a Namespace, is.
    fn namespace_of(&self, node: NodeId) -> Option<&str> {
        let data = self.node(node);
        if data.kind == NodeKind::Namespace {
            return Some(&data.name);
        }
        match self.index.nodes.get(&node) {
            Some(object) => {
                let id = &self.objects[*object as usize].id;
                let scoped = !iac_model::is_cluster_scoped(id.group(), &id.kind);
                scoped.then(|| id.namespace.as_deref().unwrap_or("default"))
            }
            None if data.kind == NodeKind::ServiceAccount => data.address.split('/').nth(1),
            None => None,
        }
    }

    /// Puts a thing that somebody uses and nobody wrote into the cluster and the namespace that the user means.
    pub(crate) fn housed(&self, mut node: Node, user: NodeId, namespace: &str) -> Node {
        let home = &self.node(user).home;
        if let Some((root, address)) = home.clusters().first().and_then(|first| self.homes.place(*first)) {
            let more = home.clusters().len() - 1;
            let cluster = if more == 0 { address.to_owned() } else { format!("{address}+{more}") };
            node.id = node.id.replacen("k8s:?", &format!("k8s:{root}:{cluster}"), 1);
            node.home = home.clone();
        }
        let Some(group) = self.release_of(user, namespace) else { return node };
        let unit =
            self.node(user).resource.and_then(|index| self.units.get(self.resources[index].unit.0 as usize));
        let path = unit.map_or("?", |unit| unit.path.as_str());
        node.id = node.id.replacen("k8s:?", &format!("k8s:{path}"), 1);
        node.variant = Some(Variant {
            group,
            sets: self.renderings.get(&group).cloned().unwrap_or_default(),
            assumed_namespace: Some(namespace.into()),
        });
        node
    }

    /// The Kubernetes objects of one kind, whatever their API group; empty for kinds that the input does not have.
    pub fn raw<'g>(&'g self, kind: &str) -> impl Iterator<Item = Object<'g>> + use<'g, 'a> {
        let found = self.index.kinds.get(kind).map_or(&[][..], Vec::as_slice);
        found.iter().map(|&index| Object::new(self, index))
    }

    /// The Kubernetes object of a node, if it is one.
    pub fn object(&self, node: NodeId) -> Option<Object<'_>> {
        self.index.nodes.get(&node).map(|&index| Object::new(self, index))
    }

    /// All Kubernetes objects and component configurations.
    pub fn objects(&self) -> impl Iterator<Item = Object<'_>> {
        (0..self.objects.len() as u32).map(|index| Object::new(self, index))
    }

    /// Adds a node whose id is new; a taken id gets a number behind it.
    pub(crate) fn add_node(&mut self, mut node: Node) -> NodeId {
        if self.ids.contains_key(&node.id) {
            let plain = node.id.clone();
            let mut number = 2;
            while self.ids.contains_key(&node.id) {
                node.id = format!("{plain}#{number}");
                number += 1;
            }
        }
        let id = NodeId(self.net.node_count() as u32);
        self.ids.insert(node.id.clone(), id);
        self.addresses.entry(node.address.clone()).or_default().push(id);
        self.net.add_node(node);
        id
    }

    /// Lets a node be found by another address too: that of the object which a Terraform resource stands for.
    pub(crate) fn also_known_as(&mut self, node: NodeId, address: String) {
        let nodes = self.addresses.entry(address).or_default();
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }

    /// Changes a node in place; its id and address stay.
    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.net[id.index()]
    }

    /// Makes the additions of a step. Edges between alternatives are dropped, and of equal edges the first stays
    /// with the reasons of all.
    pub(crate) fn extend(&mut self, additions: Additions) {
        for node in additions.nodes {
            self.add_node(node);
        }
        for (alias, node) in additions.aliases {
            self.aliases.add(alias, node);
        }
        for (from, to, edge) in additions.edges {
            if !self.can_meet(from, to) {
                continue;
            }
            let links = self.links.entry((from, to, edge.kind)).or_default();
            let equal = links.iter().copied().find(|&known| self.net[known.index()].says_the_same(&edge));
            match equal {
                Some(known) => self.net[known.index()].take_reasons(edge),
                None => {
                    let index = self.net.add_edge(from.index(), to.index(), edge);
                    links.push(EdgeId(index.index() as u32));
                }
            }
        }
    }

    /// What a node is besides its kind: `cluster-admin` and `cloud-admin` for those as good as administrators.
    pub fn labels(&self, node: NodeId) -> Vec<&'static str> {
        let mut labels = Vec::new();
        for link in self.edges_from(node).filter(|link| link.edge.certainty == Certainty::Certain) {
            let label = match self.node(link.to).kind {
                NodeKind::CloudAdmin => "cloud-admin",
                NodeKind::ClusterAdmin => "cluster-admin",
                _ => continue,
            };
            if link.edge.kind.family() == EdgeFamily::Attack && !labels.contains(&label) {
                labels.push(label);
            }
        }
        labels.sort_unstable();
        labels
    }

    /// The first unknown that a place rests on.
    pub fn assumed(&self, origin: OriginId) -> Option<SymbolId> {
        self.store.origins.assumed(origin)
    }
}

fn link(edge: petgraph::graph::EdgeReference<'_, Edge>) -> Link<'_> {
    Link {
        id: EdgeId(edge.id().index() as u32),
        from: NodeId(edge.source().index() as u32),
        to: NodeId(edge.target().index() as u32),
        edge: edge.weight(),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{Scan, edges, graph};
    use crate::kubernetes::{ContainerRole, KubernetesView};
    use crate::{EdgeKind, NodeKind, View};

    const WEB: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      initContainers: [{name: proxy, restartPolicy: Always}, {name: init}]
      containers: [{name: app, env: [{name: A, valueFrom: {secretKeyRef: {name: web, key: a}}}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}}
---
apiVersion: v1
kind: Secret
metadata: {name: web, namespace: shop}
";

    #[test]
    fn objects_find_each_other() {
        let graph = graph(WEB);
        assert_eq!(edges(&graph, EdgeKind::RunsAs), ["Deployment/shop/web ServiceAccount/shop/web"]);
        assert_eq!(edges(&graph, EdgeKind::Selects), ["Service/shop/web Deployment/shop/web"]);
        assert_eq!(edges(&graph, EdgeKind::UsesSecret), ["Deployment/shop/web Secret/shop/web"]);
        let containers: Vec<_> = graph.containers().map(|one| (one.address(), one.role())).collect();
        assert_eq!(
            containers,
            [
                ("Deployment/shop/web#proxy", ContainerRole::Sidecar),
                ("Deployment/shop/web#init", ContainerRole::Init),
                ("Deployment/shop/web#app", ContainerRole::Main)
            ]
        );
        assert_eq!(graph.nodes_of(NodeKind::Namespace).count(), 1);
    }

    #[test]
    fn lists_stand_for_their_items() {
        let graph = graph(
            "
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a}]}}
- {apiVersion: v1, kind: ConfigMapList, items: [{kind: ConfigMap, metadata: {name: b, namespace: x}}]}
",
        );
        let addresses: Vec<_> = graph.objects().map(|object| object.address()).collect();
        assert_eq!(addresses, ["Pod/default/a", "ConfigMap/x/b"]);
        assert_eq!(graph.workloads().count(), 1);
    }

    #[test]
    fn renderings_of_one_chart_do_not_meet_and_equal_ones_are_one() {
        let service = "{kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}}}";
        let pod = |image: &str| {
            format!(
                "{service}\n---\n{{kind: Pod, metadata: {{name: web, namespace: shop, labels: {{app: web}}}}, \
                 spec: {{containers: [{{name: a, image: {image}}}]}}}}"
            )
        };
        let graph = Scan::new()
            .chart("charts/web", "dev", &pod("a:1"))
            .chart("charts/web", "prod", &pod("a:2"))
            .build();
        let sets: Vec<_> = graph.objects().map(|object| (object.kind(), object.value_sets())).collect();
        assert_eq!(sets, [("Service", vec!["dev", "prod"]), ("Pod", vec!["dev"]), ("Pod", vec!["prod"])]);
        assert_eq!(edges(&graph, EdgeKind::Selects).len(), 2);
        assert_eq!(edges(&graph, EdgeKind::RunsAs).len(), 2);
    }

    #[test]
    fn of_equal_names_the_closest_counts() {
        let account = "{kind: ServiceAccount, metadata: {name: web, namespace: shop}}";
        let pod = "{kind: Pod, metadata: {name: web, namespace: shop}, spec: {serviceAccountName: web, containers: [{name: a}]}}";
        let graph = Scan::new()
            .manifest("dev/account.yaml", account)
            .manifest("dev/pod.yaml", pod)
            .manifest("prod/account.yaml", account)
            .build();
        let workload = graph.workloads().next().expect("there is one");
        let account = workload.service_account().expect("it has one");
        assert!(account.object().is_some());
        assert_eq!(account.workloads().count(), 1);
        assert_eq!(edges(&graph, EdgeKind::RunsAs).len(), 1);
    }

    #[test]
    fn selectors_stay_in_their_environment() {
        let graph = Scan::new().manifest("dev/all.yaml", WEB).manifest("prod/all.yaml", WEB).build();
        assert_eq!(edges(&graph, EdgeKind::Selects).len(), 2);
        assert_eq!(edges(&graph, EdgeKind::UsesSecret).len(), 2);
    }
}
