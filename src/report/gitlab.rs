//! Code quality of GitLab: an array of issues. GitLab: "Code Quality report format".
//!
//! GitLab compares the reports of two branches itself, so each is the whole truth of its commit: what only was there before
//! is in it too.

use std::collections::HashSet;
use std::io::{self, Write};

use iac_checks::Severity;
use serde_json::{Value, json};

use super::sanitise;
use crate::outcome::{Outcome, Reported, State};

/// Writes the report.
pub(super) fn write(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let mut seen = HashSet::new();
    let counted = outcome.findings.iter().filter(|finding| {
        matches!(finding.state, State::New | State::Unchanged) && outcome.is_wanted(finding)
    });
    let issues: Vec<Value> = counted.filter_map(|finding| issue(finding, &mut seen)).collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    out.write_all(b"\n")
}

/// A finding; `None` for one without a place.
fn issue(finding: &Reported, seen: &mut HashSet<String>) -> Option<Value> {
    let region = finding.region()?;
    let message = sanitise::line(&finding.message);
    Some(json!({
        "description": format!("{}: {message}", finding.rule.id),
        "check_name": finding.rule.id,
        "fingerprint": unique(&finding.fingerprint, seen),
        "severity": severity(finding.severity),
        "location": {"path": region.path, "lines": {"begin": region.start.line}},
    }))
}

/// GitLab drops all but the first of equal fingerprints.
fn unique(fingerprint: &str, seen: &mut HashSet<String>) -> String {
    let mut name = fingerprint.to_owned();
    let mut number = 2;
    while !seen.insert(name.clone()) {
        name = format!("{fingerprint}:{number}");
        number += 1;
    }
    name
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "minor",
        Severity::Medium => "major",
        Severity::High => "critical",
        Severity::Critical => "blocker",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_unique() {
        let mut seen = HashSet::new();
        let names = ["a", "b", "a", "a"].map(|name| unique(name, &mut seen));
        assert_eq!(names, ["a", "b", "a:2", "a:3"]);
    }
}
