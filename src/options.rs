//! What to scan and how: the command line and the configuration file together.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use iac_checks::{Persona, Rule, Severity};

use crate::baseline::Baseline;
use crate::outcome::{Confidence, Shown};
use crate::suppress::{ConfiguredIgnore, Policy, date};

/// What to scan and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is read.
    pub load: iac_load::Options,
    /// How it is understood.
    pub graph: iac_graph::Settings,
    /// Which rules run.
    pub rules: Selection,
    /// Severities that the configuration changes, by rule id.
    pub severities: BTreeMap<&'static str, Severity>,
    /// How ignores are taken.
    pub policy: Policy,
    /// The configuration file, if there is one.
    pub configuration: Option<ConfigurationText>,
    /// The ignores that stand in it, in their order.
    pub ignores: Vec<ConfiguredIgnore>,
    /// Fingerprints that the baseline knows.
    pub baseline: BTreeSet<String>,
    /// The state that this one is compared with, if it is.
    pub base: Option<Base>,
    /// What reports show.
    pub shown: Shown,
}

/// An earlier state to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Its name, for people.
    pub name: String,
    /// All that was found there.
    pub findings: Baseline,
    /// What of it reports showed.
    pub shown: Baseline,
}

/// The text of a configuration file, to point into.
#[derive(Clone, Debug)]
pub struct ConfigurationText {
    /// Its path from the root; `None` if it lies elsewhere.
    pub path: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Options {
    /// Scans a whole directory, by its own paths, for the rules that `select` names, and shows everything: what
    /// the docs need.
    pub fn for_example(root: &Path, select: &str) -> Self {
        Self {
            load: iac_load::Options {
                root: root.to_owned(),
                paths: vec![root.to_owned()],
                respect_gitignore: false,
                ..iac_load::Options::default()
            },
            graph: iac_graph::Settings { as_of: date::parts(DATA_DATE), ..iac_graph::Settings::default() },
            rules: Selection { select: vec![select.to_owned()], ..Selection::default() },
            severities: BTreeMap::new(),
            policy: Policy { today: DATA_DATE.to_owned(), ..Policy::default() },
            configuration: None,
            ignores: Vec::new(),
            baseline: BTreeSet::new(),
            base: None,
            shown: Shown { severity: Severity::Info, confidence: Confidence::Low, ..Shown::default() },
        }
    }

    /// Says which Kubernetes version everything is for; what is no version says nothing.
    pub fn kubernetes(&mut self, version: &str) {
        self.graph.kubernetes_version = iac_graph::KubernetesVersion::parse(version);
    }
}

/// The day of the data that is built in: version and end-of-life tables.
pub const DATA_DATE: &str = "2026-11-01";

/// Which rules run. Words are rule ids, former ids, risks (`K01`) and tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Only these run, if any are named.
    pub select: Vec<String>,
    /// These run too.
    pub extend: Vec<String>,
    /// These do not run.
    pub ignore: Vec<String>,
    /// Whose rules run; a rule that `select` or `extend` names by its id runs whoever it is for.
    pub persona: Persona,
}

impl Default for Selection {
    fn default() -> Self {
        Self { select: Vec::new(), extend: Vec::new(), ignore: Vec::new(), persona: Persona::Default }
    }
}

impl Selection {
    /// The ids of the rules that run.
    pub fn wanted(&self) -> HashSet<&'static str> {
        let rules = crate::rules();
        rules.filter(|rule| self.wants(rule)).map(|rule| rule.id).collect()
    }

    fn wants(&self, rule: &Rule) -> bool {
        let named = |words: &[String]| words.iter().any(|word| rule.answers_to(word));
        let by_id = |word: &String| rule.id == word || rule.aliases.contains(&word.as_str());
        let for_persona = rule.persona <= self.persona;
        let selected = match self.select.is_empty() {
            true => for_persona,
            false => named(&self.select) && (for_persona || self.select.iter().any(by_id)),
        };
        let extended = named(&self.extend) && (for_persona || self.extend.iter().any(by_id));
        (selected || extended) && !named(&self.ignore)
    }

    /// A word that names no rule.
    pub fn unknown(&self) -> Option<&str> {
        let words = self.select.iter().chain(&self.extend).chain(&self.ignore);
        let is_known = |word: &str| crate::rules().any(|rule| rule.answers_to(word));
        // A risk is known even while it has no rule.
        let is_risk =
            |word: &str| iac_checks::Owasp::ALL.iter().any(|owasp| owasp.id().eq_ignore_ascii_case(word));
        words.map(String::as_str).find(|word| !is_known(word) && !is_risk(word))
    }
}

/// What a scan is doing, for people who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading files, rendering charts, evaluating Terraform.
    Reading,
    /// Building the graph.
    Linking,
    /// Running checks: so many of so many are done.
    Checking(usize, usize),
    /// Finding places and matching ignores.
    Reporting,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_named_by_id_risk_and_tag() {
        let only = |words: &[&str]| Selection {
            select: words.iter().map(|word| (*word).to_owned()).collect(),
            ..Selection::default()
        };
        assert!(Selection::default().wanted().contains("unused-ignore"));
        assert_eq!(only(&["unused-ignore"]).wanted(), HashSet::from(["unused-ignore"]));
        assert!(only(&["k01"]).wanted().iter().all(|id| *id != "unused-ignore"));
        assert_eq!(only(&["iac-scan"]).wanted().len(), 4);
        let without = Selection { ignore: vec!["unused-ignore".into()], ..Selection::default() };
        assert!(!without.wanted().contains("unused-ignore"));
        assert_eq!(only(&["k01", "no-such-rule"]).unknown(), Some("no-such-rule"));
        assert_eq!(only(&["K10"]).unknown(), None);
    }
}
