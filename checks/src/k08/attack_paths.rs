//! Ways from the internet, or from one workload, to an administrator of the cloud.

use std::collections::HashSet;

use iac_graph::cloud::NodeGroup;
use iac_graph::{ChokePoint, Entry, Goal, NodeKind, Path, PathSettings};

use crate::Finding;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// A way leads from the internet through a workload to an administrator of the cloud.
        ///
        /// ## Why it matters
        /// One hole in one program that faces the internet, and the account, project or subscription is lost. Every step
        /// of the way stands in this repository.
        ///
        /// ## How to fix
        /// One step less is enough: the finding points at the one that is best to remove.
        ///
        /// ## References
        /// - MITRE ATT&CK T1190, T1552.005, T1078.004
        id: "exposed-workload-reaches-cloud-role",
        owasp: K08,
        severity: Critical,
        title: "the internet reaches an administrator of the cloud through a workload",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// A workload can break out of its container on a node whose identity is an administrator of the cloud.
        ///
        /// ## Why it matters
        /// On the node no hop limit and no metadata server counts: the node's identity is the workload's.
        ///
        /// ## How to fix
        /// Take from the container what lets it out, and from the node's identity what nodes do not need.
        ///
        /// ## References
        /// - MITRE ATT&CK T1611, T1552.005
        id: "privileged-workload-on-privileged-node",
        owasp: K08,
        also: [K01],
        severity: Critical,
        title: "a workload that can break out runs on nodes of an administrator",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// A workload that can be reached from outside has an identity in the cloud.
        ///
        /// ## Why it matters
        /// Whoever finds a hole in the program has the identity; what it may do decides how bad that is.
        ///
        /// ## How to fix
        /// Allow the identity what the program needs and nothing else, or put what needs the cloud behind a workload that
        /// nobody outside reaches.
        ///
        /// ## References
        /// - Amazon EKS Best Practices Guide, Identity and Access Management
        id: "cloud-identity-exposed-workload",
        owasp: K08,
        severity: Medium,
        persona: Pedantic,
        title: "a workload that the internet reaches has an identity in the cloud",
    },
];

/// The rule that reports a path, if one does: what leads to an administrator of the cloud through a workload.
pub(crate) fn rule_of(graph: &Graph<'_>, path: &Path) -> Option<&'static Rule> {
    let [internet, escape, _] = &RULES;
    if path.goal != Some(Goal::CloudAdmin) {
        return None;
    }
    let workload = workload_of(graph, path)?;
    match path.entry {
        Entry::Internet => Some(internet),
        Entry::Breach if path.from(graph) == workload && breaks_out(graph, path) => Some(escape),
        Entry::Breach | Entry::External | Entry::Network => None,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let graph = scan.graph;
    let [internet, escape, exposed_identity] = &RULES;
    let mut told = HashSet::new();
    let admin = graph.nodes_of(NodeKind::CloudAdmin).next().is_some();
    if admin && (out.wants(internet) || out.wants(escape) || out.wants(exposed_identity)) {
        let paths = graph.reported_paths();
        for path in &paths.paths {
            tell(graph, out, path, &paths.choke_points, &mut told);
        }
    }
    // Searching from every workload is worth its time only if somebody asks.
    if admin && out.wants(escape) {
        let paths = graph.attack_paths(&PathSettings { assume_breach: true, ..PathSettings::default() });
        for path in paths.paths.iter().filter(|path| path.entry == Entry::Breach) {
            // What lets it out is the workload's own fault, whatever else would end the path.
            tell(graph, out, path, &[], &mut told);
        }
    }
    exposed(graph, out, &told);
}

fn workload_of(graph: &Graph<'_>, path: &Path) -> Option<NodeId> {
    path.nodes(graph).into_iter().find(|node| graph.node(*node).kind == NodeKind::Workload)
}

/// Reports a path unless its workload has been told of; `cuts` are places that end it.
fn tell(
    graph: &Graph<'_>,
    out: &mut Findings<'_>,
    path: &Path,
    cuts: &[ChokePoint],
    told: &mut HashSet<NodeId>,
) {
    let (Some(rule), Some(workload)) = (rule_of(graph, path), workload_of(graph, path)) else { return };
    let Some(at) = best_place(graph, cuts, path) else { return };
    if !told.insert(workload) {
        return;
    }
    let finding = out.report(rule, workload, at, "remove this step");
    finding.message(format!("{}: {}", rule.title, chain(graph, path)));
    steps(graph, path, finding);
    for other in &path.other_entries {
        if graph.node(*other).kind == NodeKind::Workload {
            finding.affects(*other);
            told.insert(*other);
        }
    }
    finding.along(graph, path.clone());
}

/// Tells whether the first step leads from the container to its node.
fn breaks_out(graph: &Graph<'_>, path: &Path) -> bool {
    path.steps.first().is_some_and(|step| NodeGroup::of(graph, graph.ends(*step).1).is_some())
}

/// The place to edit: a choke point of the path, else the first step that is not that something is exposed.
fn best_place(graph: &Graph<'_>, cuts: &[ChokePoint], path: &Path) -> Option<OriginId> {
    let choke = cuts.iter().find(|point| {
        path.steps
            .iter()
            .any(|step| graph.edge(*step).kind != EdgeKind::ExploitService && point.cuts(graph, *step))
    });
    let first = || {
        let steps = path.steps.iter().map(|step| graph.edge(*step));
        let inner =
            steps.clone().find(|edge| edge.kind != EdgeKind::ExploitService && !edge.because.is_empty());
        let edge = inner.or_else(|| steps.into_iter().find(|edge| !edge.because.is_empty()))?;
        edge.because.first().map(|proof| proof.origin)
    };
    choke.map(|point| point.place.origin).or_else(first)
}

/// `internet -> Deployment/shop/web -> aws_eks_node_group.web -> aws_iam_role.node -> cloud-admin`
fn chain(graph: &Graph<'_>, path: &Path) -> String {
    let names: Vec<&str> =
        path.nodes(graph).into_iter().map(|node| graph.node(node).address.as_str()).collect();
    names.join(" -> ")
}

/// Names the proof of every step.
fn steps(graph: &Graph<'_>, path: &Path, finding: &mut Finding) {
    for (number, step) in path.steps.iter().enumerate() {
        let edge = graph.edge(*step);
        let (from, to) = graph.ends(*step);
        for proof in &edge.because {
            let node = graph.find_address(&proof.address).first().copied().unwrap_or(from);
            let (verb, to) = (edge.kind.verb(), &graph.node(to).address);
            finding.proof(node, proof.origin, format!("step {}: {verb} {to}", number + 1));
        }
    }
}

/// Workloads with an identity that the internet reaches, and of which nothing worse was told.
fn exposed(graph: &Graph<'_>, out: &mut Findings<'_>, told: &HashSet<NodeId>) {
    let [.., rule] = &RULES;
    for workload in graph.workloads().filter(|workload| !told.contains(&workload.node())) {
        let Some(account) = workload.service_account() else { continue };
        let link = graph
            .edges_from(account.node())
            .find(|link| matches!(link.edge.kind, EdgeKind::Annotated | EdgeKind::Associated));
        let Some((link, proof)) = link.and_then(|link| Some((link, link.edge.because.first()?))) else {
            continue;
        };
        let exposures = workload.exposures();
        let Some(exposure) = exposures.iter().find(|one| one.reach == Reach::Internet && one.holds.is_yes())
        else {
            continue;
        };
        let finding = out.report(rule, workload, exposure.origin, "reached from the internet here");
        finding.message(format!(
            "{} can be reached from the internet and has the identity {}",
            workload.address(),
            graph.node(link.to).address
        ));
        finding.proof(account.node(), proof.origin, "the identity");
    }
}
