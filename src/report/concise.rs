//! One line for each finding and problem: `path:line:column: severity[rule] message`.

use std::io::{self, Write};

use iac_model::ProblemSeverity;

use super::sanitise;
use crate::outcome::{Outcome, Place, Reported, State, Trouble};

/// Writes the report.
pub(super) fn write(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    for finding in outcome.shown() {
        let Reported { severity, rule, .. } = finding;
        let message = sanitise::line(&finding.message);
        write!(out, "{}: {severity}[{}] {message}", position(&finding.primary), rule.id)?;
        match finding.state {
            State::New => writeln!(out)?,
            State::Unchanged | State::Baselined | State::Ignored => {
                writeln!(out, " ({})", finding.state.id())?
            }
        }
    }
    for problem in outcome.problems.iter().filter(|problem| problem.severity > ProblemSeverity::Note) {
        let at = problem_position(problem);
        writeln!(out, "{at}: not analysed[{}] {}", problem.code, sanitise::line(&problem.message))?;
    }
    Ok(())
}

/// Where a problem is: its place, else the file or unit that it is about.
pub(super) fn problem_position(problem: &Trouble) -> String {
    match &problem.place {
        Some(place) => position(place),
        None => sanitise::line(problem.path().or(problem.unit.as_deref()).unwrap_or("-")),
    }
}

/// `path:line:column` of a place; what was typed for a place on the command line.
pub(crate) fn position(place: &Place) -> String {
    match &place.region {
        Some(region) => {
            let path = sanitise::line(&region.path);
            format!("{path}:{}:{}", region.start.line, region.start.column)
        }
        None => sanitise::line(&place.text),
    }
}
