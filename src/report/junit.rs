//! Test results in the form of JUnit: a suite for each file, a failed case for each finding. What is ignored, in the baseline
//! or was there before is skipped; what was not analysed is an error.

use std::collections::BTreeMap;
use std::io::{self, Write};

use iac_model::ProblemSeverity;
use minijinja::{Value, context};

use super::{concise, sanitise, template};
use crate::outcome::{Outcome, Reported, State, Trouble};

/// The cases of one file.
#[derive(Default)]
struct Suite {
    cases: Vec<Value>,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// Writes the report.
pub(super) fn write(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: BTreeMap<String, Suite> = BTreeMap::new();
    let wanted = outcome.findings.iter().filter(|finding| outcome.is_wanted(finding));
    for finding in wanted {
        let path = finding.region().map(|region| region.path.as_str()).unwrap_or_default();
        let suite = suites.entry(sanitise::line(path)).or_default();
        match finding.state {
            State::New => suite.failures += 1,
            State::Unchanged | State::Baselined | State::Ignored => suite.skipped += 1,
        }
        suite.cases.push(case(finding));
    }
    let lost = outcome.problems.iter().filter(|problem| problem.severity > ProblemSeverity::Note);
    for problem in lost {
        let path = problem.path().or(problem.unit.as_deref()).unwrap_or("-");
        let suite = suites.entry(sanitise::line(path)).or_default();
        suite.errors += 1;
        suite.cases.push(error(problem));
    }
    let sum = |count: fn(&Suite) -> usize| suites.values().map(count).sum::<usize>();
    let totals = context! {
        tests => sum(|suite| suite.cases.len()),
        failures => sum(|suite| suite.failures),
        errors => sum(|suite| suite.errors),
        skipped => sum(|suite| suite.skipped),
    };
    let suites: Vec<Value> = suites
        .into_iter()
        .map(|(name, suite)| {
            context! {
                name,
                tests => suite.cases.len(),
                failures => suite.failures,
                errors => suite.errors,
                skipped => suite.skipped,
                cases => suite.cases,
            }
        })
        .collect();
    let text =
        template::render("junit.xml", include_str!("templates/junit.xml"), context! { totals, suites });
    out.write_all(text.as_bytes())
}

fn case(finding: &Reported) -> Value {
    let mut details = vec![concise::position(&finding.primary)];
    details.extend(finding.values_key.as_ref().map(|key| format!("values key: {}", sanitise::line(key))));
    details.push(format!("fix: {}", finding.rule.fix()));
    let skipped = (finding.state != State::New).then(|| match &finding.ignore {
        Some(note) if !note.reason.is_empty() => {
            format!("{}: {}", finding.state.id(), sanitise::line(&note.reason))
        }
        _ => finding.state.id().to_owned(),
    });
    context! {
        name => format!("{} at line {}", finding.rule.id, finding.region().map_or(0, |region| region.start.line)),
        class => finding.rule.id,
        kind => format!("{} ({})", finding.severity.id(), finding.confidence().id()),
        message => sanitise::line(&finding.message),
        details => details.join("\n"),
        skipped,
    }
}

fn error(problem: &Trouble) -> Value {
    let place = problem.place.as_ref().map(concise::position);
    context! {
        name => format!("not analysed: {}", problem.code),
        class => "analysis-incomplete",
        kind => problem.code,
        message => sanitise::line(&problem.message),
        details => place.unwrap_or_default(),
        is_error => true,
    }
}
