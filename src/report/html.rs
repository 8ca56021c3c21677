//! One page for browsers: no script, nothing from elsewhere, every value of the scanned repository is text.

use std::io::{self, Write};

use iac_checks::Severity;
use iac_model::ProblemSeverity;
use minijinja::{Value, context};

use super::terminal::{Files, chain};
use super::{Settings, concise, sanitise, template};
use crate::outcome::{Outcome, Place, Reported, Trouble};

/// Longer lines are cut: nobody reads minified text.
const LINE: usize = 300;

/// Writes the report.
pub(super) fn write(outcome: &Outcome, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    let mut files = Files::new(outcome, settings.secrets);
    let counts = outcome.counts();
    let severities: Vec<Value> = Severity::ALL
        .iter()
        .rev()
        .map(|severity| context! { name => severity.id(), count => counts.of(*severity) })
        .collect();
    let problems = outcome.problems.iter().filter(|problem| problem.severity > ProblemSeverity::Note);
    let text = template::render(
        "report.html",
        include_str!("templates/report.html"),
        context! {
            version => env!("CARGO_PKG_VERSION"),
            severities,
            possible => counts.possible,
            ignored => counts.ignored,
            baselined => counts.baselined,
            base => outcome.comparison.as_ref().map(|comparison| sanitise::line(&comparison.base)),
            unchanged => counts.unchanged,
            fixed => outcome.comparison.as_ref().map_or(0, |comparison| comparison.fixed.len()),
            analysed => outcome.analysed(),
            units => outcome.units.len(),
            findings => outcome.shown().map(|finding| row(&mut files, finding)).collect::<Vec<_>>(),
            problems => problems.map(trouble).collect::<Vec<_>>(),
        },
    );
    out.write_all(text.as_bytes())
}

fn row(files: &mut Files<'_>, finding: &Reported) -> Value {
    let others = finding.related.iter().filter(|place| place.region.is_some());
    let address = |address: &String| sanitise::line(address);
    context! {
        severity => finding.severity.id(),
        rule => finding.rule.id,
        title => finding.rule.title,
        state => finding.state.id(),
        certainty => finding.confidence().id(),
        risks => super::json::v1::risks(finding.rule).join(", "),
        message => sanitise::line(&finding.message),
        resources => finding.instances.iter().map(|instance| address(&instance.address())).collect::<Vec<_>>(),
        values_key => finding.values_key.as_ref().map(address),
        value_sets => finding.value_sets.iter().map(address).collect::<Vec<_>>(),
        place => concise::position(&finding.primary),
        line => line(files, &finding.primary),
        others => others.map(other).collect::<Vec<_>>(),
        path => finding.path.as_ref().map(chain),
        fix => finding.rule.fix(),
    }
}

fn other(place: &Place) -> Value {
    context! { place => concise::position(place), text => sanitise::line(&place.text) }
}

fn trouble(problem: &Trouble) -> Value {
    context! { place => concise::problem_position(problem), message => sanitise::line(&problem.message) }
}

/// The line of a place, of a file whose text is part of the scan.
fn line(files: &mut Files<'_>, place: &Place) -> Option<String> {
    let span = place.region.as_ref()?.span?;
    Some(files.line(span)?.chars().take(LINE).collect())
}
