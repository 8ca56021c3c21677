//! Choke points: the fewest facts of the input whose repair ends all reported paths.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::Path;
use crate::{EdgeId, EdgeKind, Graph, Proof};

/// A fact that ends paths if it is repaired.
#[derive(Clone, Debug)]
pub struct ChokePoint {
    /// The place.
    pub place: Proof,
    /// What to do there.
    pub advice: &'static str,
    /// The paths that it ends, as positions in the list of reported paths.
    pub paths: Vec<usize>,
}

impl ChokePoint {
    /// Tells whether a step ends when this fact is repaired.
    pub fn cuts(&self, graph: &Graph<'_>, step: EdgeId) -> bool {
        let key = fact(graph, &self.place);
        graph.edge(step).because.iter().any(|proof| fact(graph, proof) == key)
    }
}

/// A fact, comparable: the place of its origin or, without one, the address.
type Fact = (Option<(String, u32, u32)>, String);

/// An edge with more facts than this is cut at one of the first.
const FACTS: usize = 4;

/// What a fact costs in a cut. The fewest facts win whatever their kinds, since [`MOST_FACTS`] times the largest
/// reluctance is less than this.
const FACT: u32 = 1024;

/// The largest value of [`reluctance`].
const MOST_RELUCTANCE: u32 = 2;

/// How much less people like to mend a fact of this kind than another that ends the same paths: power that is too wide
/// and ways out of containers are mistakes, an identity is there for a purpose.
fn reluctance(kind: EdgeKind) -> u32 {
    match kind {
        EdgeKind::RunsAs | EdgeKind::Contains | EdgeKind::MemberOf | EdgeKind::NodeRunsPod => 2,
        EdgeKind::AzureWorkloadIdentity
        | EdgeKind::GkeWorkloadIdentity
        | EdgeKind::Irsa
        | EdgeKind::NodeCloudIdentity
        | EdgeKind::PodIdentity => 1,
        _ => 0,
    }
}

/// Finds the cut. That something is exposed is mended only if nothing else helps: most things are exposed on purpose.
pub(super) fn points(graph: &Graph<'_>, paths: &[Path]) -> Vec<ChokePoint> {
    let inside = cut(graph, paths, |kind| kind != EdgeKind::ExploitService);
    if inside.is_empty() { cut(graph, paths, |_| true) } else { inside }
}

/// Finds the cheapest cut of facts that may be mended, nearest to the starts. Edges nobody can edit have no limit; an
/// edge is gone if one of its facts is, so the facts of an edge stand in a row.
fn cut(graph: &Graph<'_>, paths: &[Path], may_mend: impl Fn(EdgeKind) -> bool) -> Vec<ChokePoint> {
    if paths.is_empty() {
        return Vec::new();
    }
    let mut flow = Flow::default();
    let mut facts: BTreeMap<Fact, (usize, Proof, EdgeKind)> = BTreeMap::new();
    let source = flow.vertex();
    let sink = flow.vertex();
    let mut vertices = HashMap::new();
    let mut seen = HashSet::new();
    for path in paths {
        for (index, &step) in path.steps.iter().enumerate() {
            let (from, to) = graph.ends(step);
            let from_vertex = *vertices.entry(from).or_insert_with(|| flow.vertex());
            let to_vertex = *vertices.entry(to).or_insert_with(|| flow.vertex());
            if index == 0 && seen.insert((source, from_vertex)) {
                flow.add(source, from_vertex, NO_LIMIT);
            }
            if index + 1 == path.steps.len() && seen.insert((to_vertex, sink)) {
                flow.add(to_vertex, sink, NO_LIMIT);
            }
            let mut at = from_vertex;
            let edge = graph.edge(step);
            let proofs = if may_mend(edge.kind) { editable(graph, step) } else { Vec::new() };
            for proof in proofs {
                let entry = facts.entry(fact(graph, &proof));
                let (vertex, ..) = entry.or_insert_with(|| {
                    let (enter, leave) = (flow.vertex(), flow.vertex());
                    flow.add(enter, leave, FACT + reluctance(edge.kind));
                    debug_assert_eq!(leave, enter + 1);
                    (enter, proof.clone(), edge.kind)
                });
                let enter = *vertex;
                if seen.insert((at, enter)) {
                    flow.add(at, enter, NO_LIMIT);
                }
                at = enter + 1;
            }
            if seen.insert((at, to_vertex)) {
                flow.add(at, to_vertex, NO_LIMIT);
            }
        }
    }
    if !flow.run(source, sink) {
        return Vec::new();
    }
    let near = flow.reachable(source);
    let mut points: Vec<ChokePoint> = facts
        .into_iter()
        .filter(|(_, (enter, ..))| near[*enter] && !near[*enter + 1])
        .map(|(key, (_, place, kind))| {
            let cuts = |path: &Path| {
                path.steps
                    .iter()
                    .any(|step| graph.edge(*step).because.iter().any(|proof| fact(graph, proof) == key))
            };
            let paths =
                paths.iter().enumerate().filter(|(_, path)| cuts(path)).map(|(index, _)| index).collect();
            ChokePoint { place, advice: advice(kind), paths }
        })
        .collect();
    points.sort_by_key(|point| std::cmp::Reverse(point.paths.len()));
    points
}

/// The facts of a step that stand in a file of the input.
fn editable(graph: &Graph<'_>, step: EdgeId) -> Vec<Proof> {
    let edge = graph.edge(step);
    let store = graph.store();
    let in_file = |proof: &&Proof| {
        let steps = store.trace(proof.origin).steps;
        steps.iter().any(|step| step.at.is_some_and(|span| store.is_editable(span)))
    };
    edge.because.iter().filter(in_file).take(FACTS).cloned().collect()
}

fn fact(graph: &Graph<'_>, proof: &Proof) -> Fact {
    let span = graph.store().origins.place(proof.origin);
    let place = span.map(|span| (graph.store().sources.file(span.file).path.clone(), span.start, span.end));
    (place, proof.address.clone())
}

/// What to do about the first fact of an edge.
fn advice(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::AdminPermissions => "take the administrator's permissions away",
        EdgeKind::AssumeRole => "narrow who may assume the role",
        EdgeKind::AzureRole | EdgeKind::GcpImpersonate => "narrow the role or its scope",
        EdgeKind::AzureWorkloadIdentity
        | EdgeKind::GkeWorkloadIdentity
        | EdgeKind::Irsa
        | EdgeKind::PodIdentity
        | EdgeKind::RunsAs => "give the workload an identity of its own with less power",
        EdgeKind::ClusterAccess => "map the principal to fewer rights in the cluster",
        EdgeKind::EscalatePrivileges => "narrow the actions or the resources of the policy",
        EdgeKind::EscapeHostRead | EdgeKind::EscapeHostWrite | EdgeKind::EscapeLogSymlink => {
            "remove the host path"
        }
        EdgeKind::EscapePrivileged | EdgeKind::EscapeNsenter => "run the container without privileges",
        EdgeKind::EscapeRuntimeSocket => "remove the socket of the container runtime",
        EdgeKind::ExploitService => "do not expose the workload to the internet",
        EdgeKind::Imds => "require IMDSv2 with hop limit 1, or block the metadata service",
        EdgeKind::NodeCloudIdentity => "give the nodes an identity with less power",
        EdgeKind::ReadData => "narrow who may read the data",
        EdgeKind::UseToken => "do not mount the token",
        _ => "remove what makes this step possible",
    }
}

const NO_LIMIT: u32 = u32::MAX / 4;

/// A network with capacities; arcs come in pairs, each the reverse of the other.
#[derive(Default)]
struct Flow {
    out: Vec<Vec<usize>>,
    arcs: Vec<(usize, u32)>,
}

/// A cut of more facts than this is no advice.
const MOST_FACTS: u32 = 64;

impl Flow {
    fn vertex(&mut self) -> usize {
        self.out.push(Vec::new());
        self.out.len() - 1
    }

    fn add(&mut self, from: usize, to: usize, capacity: u32) {
        self.out[from].push(self.arcs.len());
        self.arcs.push((to, capacity));
        self.out[to].push(self.arcs.len());
        self.arcs.push((from, 0));
    }

    /// Sends all it can from the source to the sink. False if no cut of at most [`MOST_FACTS`] exists.
    fn run(&mut self, source: usize, sink: usize) -> bool {
        let mut sent = 0;
        while let Some(way) = self.way(source, sink) {
            let spare = way.iter().map(|arc| self.arcs[*arc].1).min().unwrap_or(NO_LIMIT);
            sent += spare;
            if spare >= NO_LIMIT / 2 || sent > MOST_FACTS * (FACT + MOST_RELUCTANCE) {
                return false;
            }
            for arc in way {
                self.arcs[arc].1 -= spare;
                self.arcs[arc ^ 1].1 += spare;
            }
        }
        true
    }

    /// The shortest way with capacity left.
    fn way(&self, source: usize, sink: usize) -> Option<Vec<usize>> {
        let mut by: Vec<Option<usize>> = vec![None; self.out.len()];
        let mut open = VecDeque::from([source]);
        while let Some(at) = open.pop_front() {
            if at == sink {
                let mut way = Vec::new();
                let mut at = sink;
                while at != source {
                    let arc = by[at]?;
                    way.push(arc);
                    at = self.arcs[arc ^ 1].0;
                }
                return Some(way);
            }
            for &arc in &self.out[at] {
                let (to, left) = self.arcs[arc];
                if left > 0 && to != source && by[to].is_none() {
                    by[to] = Some(arc);
                    open.push_back(to);
                }
            }
        }
        None
    }

    fn reachable(&self, source: usize) -> Vec<bool> {
        let mut seen = vec![false; self.out.len()];
        let mut open = vec![source];
        seen[source] = true;
        while let Some(at) = open.pop() {
            for &arc in &self.out[at] {
                let (to, left) = self.arcs[arc];
                if left > 0 && !seen[to] {
                    seen[to] = true;
                    open.push(to);
                }
            }
        }
        seen
    }
}
