//! Attack paths: who can get where, step by step.
//!
//! A path follows attack edges, and structural edges where they carry an identity: `runs-as` to a ServiceAccount whose
//! cloud identity the pod gets by a token of its own, `contains` to a container, `uses-secret` to a cloud key,
//! `member-of` to a group of the cluster.

mod choke;
mod net;
mod places;
mod search;
#[cfg(test)]
mod tests;
mod verb;

pub use choke::ChokePoint;
pub use places::{Entry, Goal, UnknownAddress};

use crate::{Certainty, EdgeId, Graph, NodeId, NodeKind};
use net::Net;

/// What counts as a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathSettings {
    /// Edges that rest on an unknown count.
    pub possible: bool,
    /// Every workload and every cloud principal is a start as well.
    pub assume_breach: bool,
    /// A pod that another can reach over the network counts as taken over. Off by default: a reachable port needs one
    /// more weakness behind it.
    pub through_network: bool,
    /// Most paths between one start and one end.
    pub max_paths: usize,
    /// Most steps of a path.
    pub max_steps: usize,
}

impl Default for PathSettings {
    fn default() -> Self {
        Self { possible: false, assume_breach: false, through_network: false, max_paths: 10, max_steps: 12 }
    }
}

/// A way from a start to an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Its steps; each starts where the one before ends. Never empty.
    pub steps: Vec<EdgeId>,
    /// The class of its start.
    pub entry: Entry,
    /// The class of its end; `None` if that is just a node.
    pub goal: Option<Goal>,
    /// Starts that lead into the same steps.
    pub other_entries: Vec<NodeId>,
    /// Its length: certain steps count 1, what assumes something 2, what is possible 4.
    pub cost: u32,
}

/// How bad a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PathSeverity {
    /// `low`
    Low,
    /// `medium`
    Medium,
    /// `high`
    High,
    /// `critical`
    Critical,
}

/// The paths that a report shows.
#[derive(Clone, Debug, Default)]
pub struct AttackPaths {
    /// One path for each start and end, the worst first.
    pub paths: Vec<Path>,
    /// A limit left some out.
    pub truncated: bool,
    /// The fewest facts that end all of the paths, those that end most first. Empty if nothing in the input can.
    pub choke_points: Vec<ChokePoint>,
}

/// More paths than this help nobody.
const MOST_PATHS: usize = 200;

impl Path {
    /// Where it starts.
    pub fn from(&self, graph: &Graph<'_>) -> NodeId {
        self.steps.first().map_or(NodeId(0), |step| graph.ends(*step).0)
    }

    /// Where it ends.
    pub fn to(&self, graph: &Graph<'_>) -> NodeId {
        self.steps.last().map_or(NodeId(0), |step| graph.ends(*step).1)
    }

    /// Its nodes in order.
    pub fn nodes(&self, graph: &Graph<'_>) -> Vec<NodeId> {
        let mut nodes = vec![self.from(graph)];
        nodes.extend(self.steps.iter().map(|step| graph.ends(*step).1));
        nodes
    }

    /// It is as sure as its weakest step.
    pub fn certainty(&self, graph: &Graph<'_>) -> Certainty {
        self.steps.iter().map(|step| graph.edge(*step).certainty).min().unwrap_or_default()
    }

    /// What its steps assume about the platform, without repetition.
    pub fn assumes(&self, graph: &Graph<'_>) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for text in self.steps.iter().flat_map(|step| &graph.edge(*step).assumes) {
            if !all.contains(text) {
                all.push(text.clone());
            }
        }
        all
    }

    /// How bad it is: where it starts and ends decide; what is assumed takes one off, what is possible two.
    pub fn severity(&self, graph: &Graph<'_>) -> PathSeverity {
        let outside = self.entry == Entry::Internet || self.entry == Entry::External;
        let full = match (self.goal, outside) {
            (Some(Goal::CloudAdmin | Goal::ClusterAdmin), true) => PathSeverity::Critical,
            (Some(Goal::CloudAdmin | Goal::ClusterAdmin), false) => PathSeverity::High,
            (_, true) => PathSeverity::High,
            (_, false) => PathSeverity::Medium,
        };
        let down = match (self.certainty(graph), self.assumes(graph).is_empty()) {
            (Certainty::Possible, _) => 2,
            (Certainty::Certain, false) => 1,
            (Certainty::Certain, true) => 0,
        };
        (0..down).fold(full, |severity, _| severity.lower())
    }

    /// Stable name made from its nodes and steps, not from lines: `p-3f9a01c2`.
    pub fn id(&self, graph: &Graph<'_>) -> String {
        // FNV-1a, 64 bit, folded: distinct names without cryptographic need.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut eat = |text: &str| {
            for byte in text.bytes().chain([0]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
            }
        };
        eat(&graph.node(self.from(graph)).id);
        for step in &self.steps {
            let edge = graph.edge(*step);
            eat(edge.kind.name());
            eat(edge.technique.unwrap_or_default());
            eat(&graph.node(graph.ends(*step).1).id);
        }
        format!("p-{:08x}", (hash >> 32) ^ (hash & 0xffff_ffff))
    }
}

impl PathSeverity {
    fn lower(self) -> Self {
        match self {
            Self::Critical => Self::High,
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

impl Graph<'_> {
    /// The cheapest paths between two places with different nodes, cheapest first. A place is an address, an entry
    /// point or a target, as in the output contract: `internet`, `cloud-admin`, `Deployment/shop/web`.
    ///
    /// # Errors
    /// When a place is neither in the graph nor a name of the contract.
    pub fn paths_between(
        &self,
        from: &str,
        to: &str,
        settings: &PathSettings,
    ) -> Result<Vec<Path>, UnknownAddress> {
        let starts = places::resolve(self, from)?;
        let ends = places::resolve(self, to)?;
        let net = Net::new(self, settings);
        let found = search::cheapest(&net, &starts, &ends, settings);
        Ok(found.into_iter().map(|way| self.path(&net, way)).collect())
    }

    /// The paths that are reported without further wishes: [`Graph::attack_paths`] with the default settings. They are
    /// searched for once.
    pub fn reported_paths(&self) -> &AttackPaths {
        self.reported.get_or_init(|| self.attack_paths(&PathSettings::default()))
    }

    /// The paths that lead from outside to what matters, and with `assume_breach` from everything that could be
    /// taken over; one for each start and end, grouped where they share all but the start.
    pub fn attack_paths(&self, settings: &PathSettings) -> AttackPaths {
        let net = Net::new(self, settings);
        let starts = places::starts(self, settings);
        let mut found = AttackPaths::default();
        for goal in places::goals(self) {
            let ways = search::one_each(&net, &starts, goal, settings);
            let paths = ways.into_iter().map(|way| self.path(&net, way));
            found.paths.extend(paths.filter(|path| !self.is_overdone(path)));
        }
        found.paths = self.grouped(found.paths);
        let key = |path: &Path| {
            let order = (std::cmp::Reverse(path.severity(self)), path.cost);
            let names: Vec<&str> =
                path.nodes(self).into_iter().map(|node| self.node(node).address.as_str()).collect();
            (order, names.join(" "))
        };
        found.paths.sort_by_cached_key(key);
        found.truncated = found.paths.len() > MOST_PATHS;
        found.paths.truncate(MOST_PATHS);
        found.choke_points = choke::points(self, &found.paths);
        found
    }

    /// A path that has an administrator on its way says nothing that the path to the administrator does not say.
    fn is_overdone(&self, path: &Path) -> bool {
        let nodes = path.nodes(self);
        let inner = nodes.get(1..nodes.len().saturating_sub(1)).unwrap_or_default();
        inner
            .iter()
            .any(|node| matches!(self.node(*node).kind, NodeKind::CloudAdmin | NodeKind::ClusterAdmin))
    }

    fn path(&self, net: &Net<'_>, way: search::Way) -> Path {
        let steps: Vec<EdgeId> = way.arcs.iter().map(|arc| net.arc(*arc).edge).collect();
        let (from, to) = match (steps.first(), steps.last()) {
            (Some(first), Some(last)) => (self.ends(*first).0, self.ends(*last).1),
            _ => (NodeId(0), NodeId(0)),
        };
        Path {
            entry: Entry::of(self, from),
            goal: Goal::of(self, to),
            steps,
            other_entries: Vec::new(),
            cost: way.cost,
        }
    }

    /// Puts paths together that differ only in their start, or only in the pod behind an outside start.
    fn grouped(&self, mut paths: Vec<Path>) -> Vec<Path> {
        paths.sort_by_cached_key(|path| {
            let first = self.node(path.from(self)).address.clone();
            (path.cost, first, path.id(self))
        });
        let mut kept: Vec<(Vec<NodeId>, Entry, Path)> = Vec::new();
        for path in paths {
            let nodes = path.nodes(self);
            let head = match path.entry {
                Entry::Breach => 0,
                Entry::External | Entry::Internet | Entry::Network => 1,
            };
            let rest = nodes.get(head + 1..).unwrap_or_default().to_vec();
            // A single step says all there is to say about its start.
            let whole = rest.len() < 2;
            let same =
                kept.iter_mut().find(|(tail, entry, _)| !whole && *tail == rest && *entry == path.entry);
            match same {
                Some((_, _, known)) => known.other_entries.extend(nodes.get(head)),
                None => kept.push((rest, path.entry, path)),
            }
        }
        kept.into_iter().map(|(_, _, path)| path).collect()
    }
}
