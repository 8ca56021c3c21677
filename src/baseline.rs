//! The baseline: findings that were there before, by fingerprint. New ones fail, these do not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::outcome::{Fixed, Instance, Outcome, Reported, State};
use crate::report::json::v1;

/// Name of the file.
pub const NAME: &str = "iac-scan-baseline.json";

/// Version of the file.
const VERSION: u32 = 1;

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read or written.
    #[error("{}: {}", .0.display(), .1)]
    Io(PathBuf, std::io::Error),
    /// It is no baseline of a version that we know.
    #[error("{}: {}", .0.display(), .1)]
    Syntax(PathBuf, String),
}

/// One finding that is known; all but the fingerprint is for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Identity of the finding.
    pub fingerprint: String,
    /// Its rule.
    pub rule: String,
    /// The file it was shown in.
    pub path: String,
    /// The resource, with the container if it is about one.
    pub address: String,
    /// The day it was added.
    pub date: String,
    /// Why it stays, if somebody wrote that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Known findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
struct Document {
    version: u32,
    findings: Vec<Entry>,
}

/// What is read of a JSON report.
#[derive(Deserialize)]
struct Report {
    version: u32,
    kind: String,
    findings: Vec<ReportedBefore>,
}

#[derive(Deserialize)]
struct ReportedBefore {
    rule: String,
    state: String,
    fingerprint: String,
    location: LocationBefore,
    instances: Vec<InstanceBefore>,
}

#[derive(Deserialize)]
struct LocationBefore {
    path: Option<String>,
}

#[derive(Deserialize)]
struct InstanceBefore {
    resource: String,
    container: Option<String>,
    fingerprint: String,
}

impl ReportedBefore {
    fn entries(self) -> Vec<Entry> {
        let path = self.location.path.unwrap_or_default();
        let entry = |fingerprint: String, address: String| Entry {
            fingerprint,
            rule: self.rule.clone(),
            path: path.clone(),
            address,
            date: String::new(),
            reason: None,
        };
        if self.instances.is_empty() {
            return vec![entry(self.fingerprint, String::new())];
        }
        let instances =
            self.instances.into_iter().map(|InstanceBefore { resource, container, fingerprint }| Instance {
                resource,
                container,
                fingerprint,
                value_sets: Vec::new(),
            });
        instances.map(|one| entry(one.fingerprint.clone(), one.address())).collect()
    }
}

/// What a change of a baseline did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Entries that are new in it.
    pub added: usize,
    /// Entries that stayed.
    pub kept: usize,
    /// Entries that were dropped.
    pub dropped: usize,
}

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read or is no baseline.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|error| Error::Io(path.into(), error))?;
        let document: Document =
            serde_json::from_str(&text).map_err(|error| Error::Syntax(path.into(), error.to_string()))?;
        if document.version != VERSION {
            let message = format!("version {} is not known; this is for version {VERSION}", document.version);
            return Err(Error::Syntax(path.into(), message));
        }
        let entries = document.findings.into_iter().map(|entry| (entry.fingerprint.clone(), entry));
        Ok(Self { entries: entries.collect() })
    }

    /// What a JSON report of an earlier scan holds, but for what an ignore hid.
    ///
    /// # Errors
    /// When it cannot be read or is no report of findings.
    pub fn of_report(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|error| Error::Io(path.into(), error))?;
        let syntax = |message: String| Error::Syntax(path.into(), message);
        let report: Report = serde_json::from_str(&text).map_err(|error| syntax(error.to_string()))?;
        if report.kind != "findings" || report.version != v1::VERSION {
            return Err(syntax(format!("it is no report of findings of version {}", v1::VERSION)));
        }
        let counted = report.findings.into_iter().filter(|finding| finding.state != State::Ignored.id());
        let entries = counted.flat_map(ReportedBefore::entries);
        Ok(Self { entries: entries.map(|entry| (entry.fingerprint.clone(), entry)).collect() })
    }

    /// What reports for people show of an outcome.
    pub fn shown(outcome: &Outcome) -> Self {
        let entries = outcome.shown().flat_map(|finding| entries_of(finding, ""));
        Self { entries: entries.map(|entry| (entry.fingerprint.clone(), entry)).collect() }
    }

    /// The fingerprints it knows.
    pub fn fingerprints(&self) -> BTreeSet<String> {
        self.entries.keys().cloned().collect()
    }

    /// Adds what an outcome has and the baseline lacks; old entries keep their date and reason.
    pub fn update(&mut self, outcome: &Outcome, today: &str) -> Change {
        let mut change = Change { kept: self.entries.len(), ..Change::default() };
        for entry in entries(outcome, today) {
            self.entries.entry(entry.fingerprint.clone()).or_insert_with(|| {
                change.added += 1;
                entry
            });
        }
        change
    }

    /// Drops what an outcome no longer has.
    pub fn prune(&mut self, outcome: &Outcome) -> Change {
        let present: BTreeSet<String> = entries(outcome, "").map(|entry| entry.fingerprint).collect();
        let before = self.entries.len();
        self.entries.retain(|fingerprint, _| present.contains(fingerprint));
        Change { added: 0, kept: self.entries.len(), dropped: before - self.entries.len() }
    }

    /// The entries that an outcome does not have, in the order of the file.
    pub fn without(&self, outcome: &Outcome) -> Vec<Fixed> {
        let all = outcome.findings.iter().flat_map(|finding| entries_of(finding, ""));
        let present: BTreeSet<String> = all.map(|entry| entry.fingerprint).collect();
        let gone = self.sorted().into_iter().filter(|entry| !present.contains(&entry.fingerprint));
        let fixed = |entry: &Entry| Fixed {
            fingerprint: entry.fingerprint.clone(),
            rule: entry.rule.clone(),
            path: entry.path.clone(),
            address: entry.address.clone(),
        };
        gone.map(fixed).collect()
    }

    fn sorted(&self) -> Vec<&Entry> {
        let mut sorted: Vec<&Entry> = self.entries.values().collect();
        sorted.sort_by_key(|entry| (&entry.path, &entry.rule, &entry.address, &entry.fingerprint));
        sorted
    }

    /// The file's text: sorted, one entry a line, so that differences are easy to read.
    pub fn text(&self) -> String {
        let lines: Vec<String> = self
            .sorted()
            .into_iter()
            .map(|entry| serde_json::to_string(entry).expect("an entry is made of strings"))
            .collect();
        format!("{{\"version\": {VERSION}, \"findings\": [\n{}\n]}}\n", lines.join(",\n"))
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        std::fs::write(path, self.text()).map_err(|error| Error::Io(path.into(), error))
    }
}

/// An entry for every instance of every finding that no ignore hides.
fn entries<'a>(outcome: &'a Outcome, today: &'a str) -> impl Iterator<Item = Entry> + 'a {
    let counted = outcome.findings.iter().filter(|finding| finding.state != State::Ignored);
    counted.flat_map(move |finding| entries_of(finding, today))
}

/// An entry for every instance of a finding.
fn entries_of(finding: &Reported, today: &str) -> Vec<Entry> {
    let path = finding.region().map(|region| region.path.clone()).unwrap_or_default();
    let entry = move |fingerprint: &String, address: String| Entry {
        fingerprint: fingerprint.clone(),
        rule: finding.rule.id.to_owned(),
        path: path.clone(),
        address,
        date: today.to_owned(),
        reason: None,
    };
    let instances = finding.instances.iter();
    let mut all: Vec<Entry> =
        instances.map(|instance| entry(&instance.fingerprint, instance.address())).collect();
    if all.is_empty() {
        all.push(entry(&finding.fingerprint, String::new()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline(fingerprints: &[&str]) -> Baseline {
        let entry = |fingerprint: &&str| Entry {
            fingerprint: (*fingerprint).to_owned(),
            rule: "unused-ignore".into(),
            path: format!("{fingerprint}.yaml"),
            address: "Deployment/web".into(),
            date: "2026-01-01".into(),
            reason: Some("agreed".into()),
        };
        Baseline { entries: fingerprints.iter().map(|one| ((*one).to_owned(), entry(one))).collect() }
    }

    #[test]
    fn the_text_is_read_back() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join(NAME);
        let before = baseline(&["b", "a"]);
        before.write(&path).expect("it can be written");
        assert_eq!(Baseline::read(&path).expect("it can be read"), before);
        let text = before.text();
        assert_eq!(text.lines().count(), 4);
        assert!(text.find("a.yaml") < text.find("b.yaml"));
    }

    #[test]
    fn what_is_solved_is_pruned() {
        let mut known = baseline(&["a"]);
        assert_eq!(known.update(&Outcome::default(), "2026-02-02"), Change { added: 0, kept: 1, dropped: 0 });
        assert_eq!(known.prune(&Outcome::default()), Change { added: 0, kept: 0, dropped: 1 });
        assert!(known.fingerprints().is_empty());
    }

    #[test]
    fn other_files_are_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join(NAME);
        std::fs::write(&path, "{\"version\": 9, \"findings\": []}").expect("it can be written");
        assert!(
            Baseline::read(&path).expect_err("the version is not known").to_string().contains("version 9")
        );
        assert!(Baseline::read(&directory.path().join("none")).is_err());
    }
}
