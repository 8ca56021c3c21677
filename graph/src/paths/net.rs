//! The graph as a search sees it: only the edges that a path may follow, the cheapest of parallel ones.

use std::collections::{HashMap, HashSet};

use crate::edges::identities::NEW_POD;
use crate::{Certainty, Edge, EdgeFamily, EdgeId, EdgeKind, Graph, NodeId, NodeKind, PathSettings, View};

/// How a node was reached, which decides where it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
enum Mode {
    /// Whatever the node is good for.
    Whole = 0,
    /// A ServiceAccount through a pod that runs: its tokens, but no new pods.
    Held = 1,
    /// A ServiceAccount whose pods hold a token for the cloud only, a Secret for the cloud key in it.
    Cloud = 2,
}

const MODES: usize = 3;

/// A node in a mode.
pub(super) type State = usize;

/// A step of a search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    pub(super) from: State,
    pub(super) to: State,
    pub(super) edge: EdgeId,
    pub(super) cost: u32,
}

/// What a search walks over.
pub(super) struct Net<'g> {
    pub(super) graph: &'g Graph<'g>,
    arcs: Vec<Arc>,
    out: Vec<Vec<u32>>,
    into: Vec<Vec<u32>>,
}

impl<'g> Net<'g> {
    pub(super) fn new(graph: &'g Graph<'_>, settings: &PathSettings) -> Self {
        let states = graph.node_count() * MODES;
        let mut net =
            Self { graph, arcs: Vec::new(), out: vec![Vec::new(); states], into: vec![Vec::new(); states] };
        let mut best: HashMap<(State, State), u32> = HashMap::new();
        let refused = refused(graph);
        for link in graph.edges() {
            let open = link.edge.certainty == Certainty::Possible && !settings.possible;
            if open || refused.contains(&link.from) || refused.contains(&link.to) {
                continue;
            }
            for (from, to) in turns(graph, link.from, link.to, link.edge, settings) {
                let (from, to) = (state(link.from, from), state(link.to, to));
                let arc = Arc { from, to, edge: link.id, cost: cost(link.edge) };
                match best.entry((from, to)) {
                    std::collections::hash_map::Entry::Occupied(known) => {
                        let known = &mut net.arcs[*known.get() as usize];
                        if arc.cost < known.cost {
                            *known = arc;
                        }
                    }
                    std::collections::hash_map::Entry::Vacant(free) => {
                        free.insert(net.arcs.len() as u32);
                        net.arcs.push(arc);
                    }
                }
            }
        }
        for (index, arc) in net.arcs.iter().enumerate() {
            net.out[arc.from].push(index as u32);
            net.into[arc.to].push(index as u32);
        }
        // Searches break ties by the order of arcs, so that order must not depend on how the graph was built.
        let (graph, arcs) = (net.graph, &net.arcs);
        for list in &mut net.out {
            list.sort_by_cached_key(|&arc| {
                let arc = &arcs[arc as usize];
                (arc.cost, graph.edge(arc.edge).kind, graph.node(node(arc.to)).address.clone())
            });
        }
        net
    }

    pub(super) fn arc(&self, arc: u32) -> &Arc {
        &self.arcs[arc as usize]
    }

    pub(super) fn out(&self, state: State) -> &[u32] {
        &self.out[state]
    }

    pub(super) fn into(&self, state: State) -> &[u32] {
        &self.into[state]
    }

    pub(super) fn states(&self) -> usize {
        self.out.len()
    }

    /// The state in which a search starts at a node.
    pub(super) fn start(node: NodeId) -> State {
        state(node, Mode::Whole)
    }

    /// All states of a node.
    pub(super) fn all(node: NodeId) -> impl Iterator<Item = State> {
        let first = state(node, Mode::Whole);
        first..first + MODES
    }
}

/// Workloads of which no pod is admitted: nothing leads through them.
fn refused(graph: &Graph<'_>) -> HashSet<NodeId> {
    let mut refused = HashSet::new();
    let mut admitted = HashSet::new();
    for workload in graph.workloads() {
        let set = if workload.is_admitted().is_no() { &mut refused } else { &mut admitted };
        set.insert(workload.node());
    }
    refused.retain(|node| !admitted.contains(node));
    refused
}

/// The node of a state.
pub(super) fn node(state: State) -> NodeId {
    NodeId((state / MODES) as u32)
}

fn state(node: NodeId, mode: Mode) -> State {
    node.0 as usize * MODES + mode as usize
}

/// Steps that are easy come first: what is certain before what assumes something, both before what is possible.
fn cost(edge: &Edge) -> u32 {
    match (edge.certainty, edge.assumes.is_empty()) {
        (Certainty::Possible, _) => 4,
        (Certainty::Certain, false) => 2,
        (Certainty::Certain, true) => 1,
    }
}

/// The modes between which an edge leads; none if paths do not follow it.
fn turns(
    graph: &Graph<'_>,
    from: NodeId,
    to: NodeId,
    edge: &Edge,
    settings: &PathSettings,
) -> Vec<(Mode, Mode)> {
    let account = graph.node(from).kind == NodeKind::ServiceAccount;
    match edge.kind {
        EdgeKind::ReachPod if !settings.through_network => Vec::new(),
        EdgeKind::UseToken => vec![(Mode::Whole, Mode::Held)],
        EdgeKind::RunsAs if gives_identity(graph, to) => vec![(Mode::Whole, Mode::Cloud)],
        EdgeKind::UsesSecret | EdgeKind::UsesConfig if holds_key(graph, to) => {
            vec![(Mode::Whole, Mode::Cloud)]
        }
        EdgeKind::Contains if attacks(graph, to) => vec![(Mode::Whole, Mode::Whole)],
        // What a group may do its users may do; for IAM the permissions of users hold those of their groups already.
        EdgeKind::MemberOf if graph.node(from).kind == NodeKind::Subject => vec![(Mode::Whole, Mode::Whole)],
        EdgeKind::StaticCloudKey => vec![(Mode::Whole, Mode::Whole), (Mode::Cloud, Mode::Whole)],
        kind if kind.family() == EdgeFamily::Structure => Vec::new(),
        kind if account && is_identity(kind) => match edge.technique {
            Some(NEW_POD) => vec![(Mode::Whole, Mode::Whole)],
            _ => vec![(Mode::Whole, Mode::Whole), (Mode::Held, Mode::Whole), (Mode::Cloud, Mode::Whole)],
        },
        _ if account => vec![(Mode::Whole, Mode::Whole), (Mode::Held, Mode::Whole)],
        _ => vec![(Mode::Whole, Mode::Whole)],
    }
}

fn is_identity(kind: EdgeKind) -> bool {
    matches!(
        kind,
        EdgeKind::AzureWorkloadIdentity
            | EdgeKind::GkeWorkloadIdentity
            | EdgeKind::Irsa
            | EdgeKind::PodIdentity
    )
}

fn gives_identity(graph: &Graph<'_>, account: NodeId) -> bool {
    graph.edges_from(account).any(|link| is_identity(link.edge.kind) && link.edge.technique != Some(NEW_POD))
}

fn holds_key(graph: &Graph<'_>, secret: NodeId) -> bool {
    graph.edges_from(secret).any(|link| link.edge.kind == EdgeKind::StaticCloudKey)
}

fn attacks(graph: &Graph<'_>, container: NodeId) -> bool {
    graph.edges_from(container).any(|link| link.edge.kind.family() == EdgeFamily::Attack)
}
