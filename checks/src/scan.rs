//! What a rule gets, and how checks are run.

use std::collections::HashSet;

use iac_graph::Graph;
use iac_model::Store;

use crate::{Entry, Finding, Findings};

/// What a rule gets: the graph, which knows the settings of the scan too.
#[derive(Clone, Copy)]
pub struct Scan<'a> {
    /// Texts, origins and symbols.
    pub store: &'a Store,
    /// Everything that was found in the repository, and how it is to be understood.
    pub graph: &'a Graph<'a>,
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
