//! What a rule gets, and how rules are run.

use std::collections::HashSet;

use iac_graph::Graph;
use iac_model::Store;

use crate::{Entry, Finding, Findings};

/// What a person or the configuration says that rules need.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The date that version and end-of-life tables are read for, as `YYYY-MM-DD`.
    pub as_of: String,
    /// The Kubernetes version that manifests are meant for, if it was given.
    pub kube_version: Option<(u32, u32)>,
    /// The input is declared complete: what it does not hold does not exist.
    pub closed_world: bool,
}

/// What a rule gets: the graph and what was said about the scan.
#[derive(Clone, Copy)]
pub struct Scan<'a> {
    /// Texts, origins and symbols.
    pub store: &'a Store,
    /// Everything that was found in the repository.
    pub graph: &'a Graph<'a>,
    /// What a person said.
    pub settings: &'a Settings,
}

/// Runs one check and returns what it found for the rules whose ids are wanted.
pub fn run(entry: &Entry, scan: &Scan<'_>, wanted: &HashSet<&'static str>) -> Vec<Finding> {
    if !entry.rules().iter().any(|rule| wanted.contains(rule.id)) {
        return Vec::new();
    }
    let mut findings = Findings::new(scan.store, scan.graph, wanted);
    entry.check()(scan, &mut findings);
    findings.finish()
}
