//! The command line and the reports of iac-scan.
//!
//! [`scan`] is the whole pipeline: files become resources, resources one graph, rules read the graph, and what they
//! found becomes an [`Outcome`](outcome::Outcome). Every report is a pure function of that.

pub mod baseline;
mod check;
pub mod cli;
pub mod config;
mod findings;
pub mod fingerprint;
mod locate;
mod merge;
pub mod options;
pub mod outcome;
pub mod own_rules;
mod paths;
mod priority;
pub mod report;
mod revision;
mod source_map;
mod suggest;
mod suppress;
mod troubles;
mod uses;

use iac_checks::Rule;
use iac_graph::Graph;
use iac_load::Loaded;
use iac_model::{Resource, Store, Unit};

use options::{Options, Stage};
use outcome::{Comparison, Outcome};

/// Why nothing could be scanned.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input could not be read at all.
    #[error(transparent)]
    Load(#[from] iac_load::LoadError),
}

/// All rules in the order of the docs: those of the checks, then those about the scan itself.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    iac_checks::rules().chain(own_rules::all())
}

/// Scans: reads, links, checks, locates, suppresses, merges. `progress` hears of each stage.
///
/// # Errors
/// When the root cannot be read or an option means nothing; whatever else goes wrong is a problem in the outcome.
pub fn scan(options: &Options, progress: &(dyn Fn(Stage) + Sync)) -> Result<Outcome, Error> {
    let store = Store::new();
    let Loaded { resources, units, problems, .. } = read(&store, options, progress)?;
    let graph = link(&store, &units, resources, options, progress);
    let wanted = options.rules.wanted();
    let (found, failed) = check::run(&store, &graph, &wanted, progress);
    progress(Stage::Reporting);
    let problems = [problems, graph.problems().to_vec(), failed].concat();
    let reporter = findings::Reporter::new(&store, &graph, options);
    let problems = troubles::of(&reporter.locator, &store, &units, &problems);
    let (findings, problems) = reporter.report(found, problems, &wanted);
    let before = options.base.as_ref().map(|base| base.findings.fingerprints()).unwrap_or_default();
    let known = merge::Known { baseline: &options.baseline, before: &before };
    let findings = merge::merge(&store.sources, findings, &known);
    let mut outcome = Outcome {
        findings,
        problems,
        units,
        shown: options.shown,
        severities: options.severities.clone(),
        sources: store.sources,
        comparison: None,
    };
    outcome.comparison = options
        .base
        .as_ref()
        .map(|base| Comparison { base: base.name.clone(), fixed: base.shown.without(&outcome) });
    Ok(outcome)
}

/// Files become resources.
fn read(store: &Store, options: &Options, progress: &dyn Fn(Stage)) -> Result<Loaded, Error> {
    progress(Stage::Reading);
    Ok(iac_load::load(store, &options.load)?)
}

/// Resources become one graph.
fn link<'a>(
    store: &'a Store,
    units: &'a [Unit],
    resources: Vec<Resource>,
    options: &Options,
    progress: &dyn Fn(Stage),
) -> Graph<'a> {
    progress(Stage::Linking);
    Graph::build(store, units, resources, options.graph.clone())
}
