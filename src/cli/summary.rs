//! The line that ends a scan on stderr.

use std::time::Duration;

use iac_checks::Severity;
use iac_model::{UnitKind, UnitState};

use crate::outcome::Outcome;

/// More units than this are counted, not named.
const NAMED: usize = 10;

/// What was found, what was analysed and what was not, with reasons.
pub(crate) fn lines(outcome: &Outcome, elapsed: Duration) -> Vec<String> {
    let mut lines = vec![findings(outcome), analysed(outcome, elapsed)];
    let lost: Vec<_> = outcome.units.iter().filter(|unit| unit.state != UnitState::Analysed).collect();
    for unit in lost.iter().take(NAMED) {
        let word = if unit.state == UnitState::Lost { "not analysed" } else { "not all analysed" };
        let mut reasons =
            outcome.problems.iter().filter(|problem| problem.unit.as_deref() == Some(&unit.path));
        let reason = reasons.next().map_or("", |problem| problem.message.as_str());
        let more = match reasons.count() {
            0 => String::new(),
            more => format!(" (and {more} more reasons)"),
        };
        lines.push(format!("{word}: {}: {reason}{more}", unit.path));
    }
    if lost.len() > NAMED {
        lines.push(format!("not all analysed: {} more", lost.len() - NAMED));
    }
    lines
}

fn findings(outcome: &Outcome) -> String {
    let counts = outcome.counts();
    let mut parts: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .filter(|severity| counts.of(**severity) > 0)
        .map(|severity| format!("{} {severity}", counts.of(*severity)))
        .collect();
    for (count, word) in
        [(counts.possible, "possible"), (counts.ignored, "ignored"), (counts.baselined, "in the baseline")]
    {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    if parts.is_empty() { "no findings".into() } else { format!("findings: {}", parts.join(", ")) }
}

fn analysed(outcome: &Outcome, elapsed: Duration) -> String {
    let kinds = [
        (UnitKind::Chart, "charts"),
        (UnitKind::Manifest, "manifests"),
        (UnitKind::Component, "component files"),
        (UnitKind::TerraformRoot, "Terraform roots"),
        (UnitKind::Plan, "Terraform plans"),
    ];
    let mut parts = Vec::new();
    for (kind, word) in kinds {
        let of_kind = || outcome.units.iter().filter(move |unit| unit.kind == kind);
        let (total, done) =
            (of_kind().count(), of_kind().filter(|unit| unit.state == UnitState::Analysed).count());
        match (total, done) {
            (0, _) => {}
            (total, done) if total == done => parts.push(format!("{total} {word}")),
            (total, done) => parts.push(format!("{done} of {total} {word}")),
        }
    }
    let seconds = elapsed.as_secs_f64();
    let (done, total) = (outcome.analysed(), outcome.units.len());
    format!("analysed {done} of {total} ({}) in {seconds:.1} s", parts.join(", "))
}
