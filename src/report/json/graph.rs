//! The graph as JSON: nodes, edges and what follows from them.

use iac_checks::Certainty;
use iac_graph::{Edge, Graph, Link, Node, NodeId, PathSettings, Proof, Tri, View};
use serde_json::{Map, Value, json};

use super::v1;
use crate::locate::Locator;
use crate::outcome::{NodeName, Place, Trouble};
use crate::paths::Teller;
use crate::suppress::Ignores;

/// Prints a graph; places are looked up through the locator.
pub(crate) struct Printer<'a> {
    graph: &'a Graph<'a>,
    locator: &'a Locator<'a>,
    ignores: &'a Ignores,
}

impl<'a> Printer<'a> {
    pub(crate) fn new(graph: &'a Graph<'a>, locator: &'a Locator<'a>, ignores: &'a Ignores) -> Self {
        Self { graph, locator, ignores }
    }

    /// The whole document. Its paths start everywhere an attacker could stand.
    pub(crate) fn document(&self, problems: &[Trouble]) -> Map<String, Value> {
        let mut document = v1::document("graph");
        let mut add = |key: &str, value: Value| drop(document.insert(key.into(), value));
        let mut nodes: Vec<NodeId> = self.graph.nodes().map(|(id, _)| id).collect();
        nodes.sort_by_key(|&id| &self.graph.node(id).id);
        add("nodes", nodes.into_iter().map(|id| self.node(id)).collect());
        let edges = self.edges();
        add("edges", edges.iter().zip(1..).map(|(link, number)| self.edge(link, number)).collect());
        add("connections", self.connections());
        add("identities", self.identities());
        add("node_identities", self.node_identities());
        add("escalations", self.escalations(&edges));
        let settings = PathSettings { assume_breach: true, possible: true, ..PathSettings::default() };
        let found = self.graph.attack_paths(&settings);
        let teller = Teller::new(self.graph, self.locator);
        let paths: Vec<Value> =
            found.paths.iter().map(|path| v1::path(&teller.tell(path, &found.choke_points))).collect();
        let cuts = teller.cuts(&found);
        add("choke_points", cuts.iter().map(|cut| v1::cut(cut, paths.len())).collect());
        add("paths", Value::Array(paths));
        add("problems", v1::problems(problems));
        document
    }

    fn node(&self, id: NodeId) -> Value {
        let node = self.graph.node(id);
        let places = node.locations.iter().filter_map(|&at| self.locator.proof(at, Some(&node.address), ""));
        let places: Vec<Place> = places.collect();
        json!({
            "id": node.id,
            "kind": node.kind.name(),
            "name": node.name,
            "address": node.address,
            "locations": v1::places(&places),
            "labels": self.graph.labels(id),
        })
    }

    /// The edges by the ids of their ends, then by kind.
    fn edges(&self) -> Vec<Link<'a>> {
        let graph = self.graph;
        let mut edges: Vec<Link<'a>> = graph.edges().collect();
        edges.sort_by(|a, b| {
            let key = |link: &Link<'a>| {
                let edge = link.edge;
                (
                    &graph.node(link.from).id,
                    &graph.node(link.to).id,
                    edge.kind.name(),
                    edge.technique,
                    &edge.actions,
                )
            };
            key(a).cmp(&key(b))
        });
        edges
    }

    fn edge(&self, link: &Link<'_>, number: usize) -> Value {
        let Edge { kind, certainty, assumes, because, technique, actions, .. } = link.edge;
        let because = places(self.locator, because);
        json!({
            "id": format!("e{number}"),
            "from": self.name(link.from),
            "to": self.name(link.to),
            "kind": kind.name(),
            "certainty": certainty.name(),
            "assumes": assumes,
            "technique": technique,
            "actions": actions,
            "because": v1::places(&because),
            "ignored": because.iter().any(|place| self.ignores.speaks_of(place)),
        })
    }

    fn connections(&self) -> Value {
        let one = |connection: &iac_graph::kubernetes::Connection| json!({"src": connection.source, "dst": connection.target, "conn": connection.ports});
        self.graph.connections().iter().map(one).collect()
    }

    fn identities(&self) -> Value {
        let mut links = self.graph.identity_links();
        links.sort_by_key(|link| {
            (&self.graph.node(link.from).id, &self.graph.node(link.to).id, link.mechanism)
        });
        let one = |link: &iac_graph::cloud::IdentityLink| {
            json!({
                "from": self.name(link.from),
                "to": self.name(link.to),
                "mechanism": link.mechanism.name(),
                "works": link.works.may(),
                "broken_by": link.broken_by,
                "certainty": certainty(link.works),
                "assumes": link.assumes,
                "because": self.because(&link.because),
            })
        };
        links.iter().map(one).collect()
    }

    fn node_identities(&self) -> Value {
        let mut found = Vec::new();
        for group in self.graph.node_groups() {
            let metadata = group.metadata();
            for identity in group.identities() {
                found.push((group.node(), identity, metadata.clone()));
            }
        }
        found.sort_by_key(|(group, identity, _)| {
            (&self.graph.node(*group).id, &self.graph.node(*identity).id)
        });
        let one = |(group, identity, metadata): &(NodeId, NodeId, iac_graph::cloud::MetadataAccess)| {
            json!({
                "from": self.name(*group),
                "to": self.name(*identity),
                "imds": metadata.name(),
                "because": self.because(&metadata.because),
            })
        };
        found.iter().map(one).collect()
    }

    /// Edges that an escalation table gives.
    fn escalations(&self, edges: &[Link<'_>]) -> Value {
        let escalations = edges.iter().filter(|link| link.edge.technique.is_some());
        let one = |link: &Link<'_>| {
            json!({
                "from": self.name(link.from),
                "to": self.name(link.to),
                "technique": link.edge.technique,
                "actions": link.edge.actions,
                "certainty": link.edge.certainty.name(),
                "because": self.because(&link.edge.because),
            })
        };
        escalations.map(one).collect()
    }

    fn name(&self, id: NodeId) -> Value {
        v1::node(&name(self.graph.node(id)))
    }

    fn because(&self, proofs: &[Proof]) -> Value {
        v1::places(&places(self.locator, proofs))
    }
}

/// A node as reports name it.
pub(crate) fn name(node: &Node) -> NodeName {
    NodeName {
        id: node.id.clone(),
        kind: node.kind.name(),
        name: node.name.clone(),
        address: node.address.clone(),
    }
}

/// The places of proofs. A proof that stands nowhere in the repository keeps its address.
pub(crate) fn places(locator: &Locator<'_>, proofs: &[Proof]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for proof in proofs {
        let place = locator.proof(proof.origin, Some(&proof.address), "");
        let place = place.unwrap_or_else(|| Locator::elsewhere(&proof.address));
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// Whether an answer is a fact.
pub(crate) fn certainty(works: Tri) -> &'static str {
    v1::certainty(match works {
        Tri::Yes | Tri::No => Certainty::Certain,
        Tri::Unknown(_) => Certainty::Possible,
    })
}
