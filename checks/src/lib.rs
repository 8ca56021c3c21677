//! The rules of iac-scan: what they look for, why it matters and how to fix it.
//!
//! Rules read the graph and nothing else. `kNN/mod.rs` says what a risk is about and lists its rules.

mod cloud;
mod finding;
mod k01;
mod k02;
mod k03;
mod k04;
mod k05;
mod k06;
mod k07;
mod k08;
mod k09;
mod k10;
mod neighbours;
mod prelude;
mod rule;
mod scan;
mod settings;

pub use finding::{Finding, Findings, Label, Subject};
pub use iac_graph::Certainty;
use iac_graph::{Graph, Path};
pub use rule::{Check, Entry, Owasp, Persona, Rule, Severity, Table};
pub use scan::{Scan, run};

/// All checks in the order of the docs: K01 to K10.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    [
        k01::ENTRIES,
        k02::ENTRIES,
        k03::ENTRIES,
        k04::ENTRIES,
        k05::ENTRIES,
        k06::ENTRIES,
        k07::ENTRIES,
        k08::ENTRIES,
        k09::ENTRIES,
        k10::ENTRIES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// All rules in the order of the docs.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    entries().flat_map(Entry::rules)
}

/// The rule that reports an attack path; `None` for a path that no rule reports.
pub fn rule_of_path(graph: &Graph<'_>, path: &Path) -> Option<&'static Rule> {
    k08::attack_paths::rule_of(graph, path)
}
