//! Attack paths as reports show them.

use iac_checks::Severity;
use iac_graph::{AttackPaths, ChokePoint, EdgeId, Entry, Goal, Graph, NodeId, Path, PathSeverity};

use crate::locate::Locator;
use crate::outcome::{AttackPath, NodeName, PathStep, Place};
use crate::report::json::graph::{name, places};

/// More starts than this are left out of a list.
const OTHER_ENTRIES: usize = 5;

/// Turns paths of the graph into what people read.
pub(crate) struct Teller<'a> {
    graph: &'a Graph<'a>,
    locator: &'a Locator<'a>,
}

impl<'a> Teller<'a> {
    pub(crate) fn new(graph: &'a Graph<'a>, locator: &'a Locator<'a>) -> Self {
        Self { graph, locator }
    }

    /// A path; `cuts` are facts whose repair ends paths.
    pub(crate) fn tell(&self, path: &Path, cuts: &[ChokePoint]) -> AttackPath {
        let graph = self.graph;
        let (from, to) = (path.from(graph), path.to(graph));
        let mut others: Vec<NodeName> = path.other_entries.iter().map(|&node| self.name(node)).collect();
        others.sort_by(|a, b| a.address.cmp(&b.address));
        let truncated = others.len() > OTHER_ENTRIES;
        others.truncate(OTHER_ENTRIES);
        AttackPath {
            id: path.id(graph),
            rule: iac_checks::rule_of_path(graph, path).map(|rule| rule.id),
            severity: severity(path.severity(graph)),
            certainty: path.certainty(graph),
            assumes: path.assumes(graph),
            entry: match path.entry {
                Entry::Internet => "internet".into(),
                Entry::Network => "network".into(),
                Entry::Breach | Entry::External => graph.node(from).address.clone(),
            },
            target: path.goal.map(|goal| match goal {
                Goal::CloudAdmin | Goal::ClusterAdmin | Goal::Data | Goal::Node => goal.name().to_owned(),
                Goal::Secrets => graph.node(to).address.clone(),
            }),
            admin: matches!(path.goal, Some(Goal::CloudAdmin | Goal::ClusterAdmin)),
            from: self.name(from),
            to: self.name(to),
            other_entries: others,
            truncated,
            steps: path.steps.iter().map(|&step| self.step(step, cuts)).collect(),
        }
    }

    fn step(&self, step: EdgeId, cuts: &[ChokePoint]) -> PathStep {
        let edge = self.graph.edge(step);
        let (from, to) = self.graph.ends(step);
        let (from, to) = (self.name(from), self.name(to));
        PathStep {
            kind: edge.kind.name(),
            technique: edge.technique.map(str::to_owned),
            actions: edge.actions.clone(),
            certainty: edge.certainty,
            because: places(self.locator, &edge.because),
            choke: cuts.iter().any(|cut| cut.cuts(self.graph, step)),
            text: format!("{} {} {}", from.address, edge.kind.verb(), to.address),
            from,
            to,
        }
    }

    /// Where to cut, what to do there, and the ids of the paths that end.
    pub(crate) fn cuts(&self, found: &AttackPaths) -> Vec<Cut> {
        let one = |cut: &ChokePoint| {
            let place = places(self.locator, std::slice::from_ref(&cut.place)).into_iter().next();
            let paths = cut.paths.iter().filter_map(|&at| found.paths.get(at));
            Cut {
                place: place.unwrap_or_else(|| Locator::elsewhere(&cut.place.address)),
                advice: cut.advice,
                paths: paths.map(|path| path.id(self.graph)).collect(),
            }
        };
        found.choke_points.iter().map(one).collect()
    }

    fn name(&self, node: NodeId) -> NodeName {
        name(self.graph.node(node))
    }
}

/// A fact whose repair ends paths.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub(crate) place: Place,
    pub(crate) advice: &'static str,
    pub(crate) paths: Vec<String>,
}

fn severity(severity: PathSeverity) -> Severity {
    match severity {
        PathSeverity::Low => Severity::Low,
        PathSeverity::Medium => Severity::Medium,
        PathSeverity::High => Severity::High,
        PathSeverity::Critical => Severity::Critical,
    }
}
