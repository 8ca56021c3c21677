//! The line that ends a scan on stderr.

use std::time::Duration;

use iac_checks::Severity;
use iac_model::{ProblemSeverity, Unit, UnitKind, UnitState};

use crate::outcome::{Outcome, Trouble};

/// More lines than this on what was not analysed are left to `-v`.
const LINES: usize = 10;

/// What was found, what was analysed and what was not, with reasons. `verbose` names every unit with each of its
/// reasons; otherwise units that share the kind of their first reason share a line.
pub(crate) fn lines(outcome: &Outcome, elapsed: Duration, verbose: bool) -> Vec<String> {
    let mut lines = vec![findings(outcome), analysed(outcome, elapsed)];
    let lost = outcome.units.iter().filter(|unit| unit.state != UnitState::Analysed);
    if verbose {
        for unit in lost {
            let mut reasons = reasons(outcome, unit).peekable();
            if reasons.peek().is_none() {
                lines.push(format!("{}: {}", word(unit), unit.path));
            }
            lines.extend(reasons.map(|reason| format!("{}: {}: {}", word(unit), unit.path, reason.message)));
        }
        return lines;
    }
    let mut groups: Vec<(&Unit, Option<&Trouble>, usize)> = Vec::new();
    for unit in lost {
        let reason = reasons(outcome, unit).next();
        let same = |(known, first, _): &&mut (&Unit, Option<&Trouble>, usize)| {
            known.state == unit.state
                && known.kind == unit.kind
                && first.map(|reason| reason.code) == reason.map(|reason| reason.code)
        };
        match groups.iter_mut().find(same) {
            Some((.., more)) => *more += 1,
            None => groups.push((unit, reason, 0)),
        }
    }
    for (unit, reason, more) in groups.iter().take(LINES) {
        let others = match more {
            0 => String::new(),
            1 => " and 1 other".into(),
            more => format!(" and {more} others"),
        };
        let reason = reason.map_or(String::new(), |reason| format!(": {}", reason.message));
        lines.push(format!("{}: {}{others}{reason}", word(unit), unit.path));
    }
    if groups.len() > LINES || groups.iter().any(|(.., more)| *more > 0) {
        lines.push("-v names all that was not analysed, with each reason".into());
    }
    lines
}

fn word(unit: &Unit) -> &'static str {
    if unit.state == UnitState::Lost { "not analysed" } else { "not all analysed" }
}

/// Why a unit was not analysed. Remarks are no reason.
fn reasons<'a>(outcome: &'a Outcome, unit: &'a Unit) -> impl Iterator<Item = &'a Trouble> {
    let of_unit = outcome.problems.iter().filter(|problem| problem.unit.as_deref() == Some(&unit.path));
    of_unit.filter(|problem| problem.severity != ProblemSeverity::Note)
}

fn findings(outcome: &Outcome) -> String {
    let counts = outcome.counts();
    let mut parts: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .filter(|severity| counts.of(**severity) > 0)
        .map(|severity| format!("{} {severity}", counts.of(*severity)))
        .collect();
    let fixed = outcome.comparison.as_ref().map_or(0, |comparison| comparison.fixed.len());
    for (count, word) in [
        (counts.possible, "possible"),
        (counts.ignored, "ignored"),
        (counts.baselined, "in the baseline"),
        (counts.unchanged, "unchanged"),
        (fixed, "fixed"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    let what = match &outcome.comparison {
        None => "findings".to_owned(),
        Some(comparison) => format!("new findings since {}", comparison.base),
    };
    if parts.is_empty() { format!("no {what}") } else { format!("{what}: {}", parts.join(", ")) }
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
