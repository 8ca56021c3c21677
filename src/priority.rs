//! Context moves a finding up: whether the internet reaches its subject, whether an attack path leads through it.
//!
//! The severity is the rule's and never changes; the priority only orders reports.

use std::collections::HashSet;

use iac_graph::kubernetes::Reach;
use iac_graph::{AttackPaths, Graph, NodeId, View};

/// Points for a subject that the internet reaches.
const INTERNET: u8 = 8;
/// Points for one that the network outside of the cluster reaches.
const NETWORK: u8 = 4;
/// Points for one that an attack path leads through.
const ON_PATH: u8 = 8;

/// What the graph says about subjects.
pub(crate) struct Context {
    internet: HashSet<NodeId>,
    network: HashSet<NodeId>,
    on_path: HashSet<NodeId>,
}

impl Context {
    /// Looks at the graph once for all findings.
    pub(crate) fn of(graph: &Graph<'_>, paths: &AttackPaths) -> Self {
        let mut context = Self { internet: HashSet::new(), network: HashSet::new(), on_path: HashSet::new() };
        for workload in graph.workloads() {
            for exposure in workload.exposures().iter().filter(|exposure| exposure.holds.is_yes()) {
                match exposure.reach {
                    Reach::Internet => context.internet.insert(workload.node()),
                    Reach::Network => context.network.insert(workload.node()),
                };
            }
        }
        context.on_path = paths.paths.iter().flat_map(|path| path.nodes(graph)).collect();
        context
    }

    /// The priority of a finding about a node, on the scale that ends at 100.
    pub(crate) fn raise(&self, priority: u8, subject: NodeId) -> u8 {
        let reach = match (self.internet.contains(&subject), self.network.contains(&subject)) {
            (true, _) => INTERNET,
            (false, true) => NETWORK,
            (false, false) => 0,
        };
        let path = if self.on_path.contains(&subject) { ON_PATH } else { 0 };
        priority.saturating_add(reach + path).min(100)
    }
}
