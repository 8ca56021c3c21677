//! The report as Markdown, made for the summary of a CI job.

use std::io::{self, Write};

use iac_checks::Severity;
use iac_model::ProblemSeverity;
use minijinja::{Value, context};

use super::{concise, sanitise, template};
use crate::outcome::{AttackPath, Fixed, Outcome, Reported, Trouble};

/// A job summary has a limit of one mebibyte; so many findings stay far below it.
const FINDINGS: usize = 500;
/// Longer messages are cut.
const MESSAGE: usize = 400;
/// Diagrams are large on the page.
const PATHS: usize = 5;
const PROBLEMS: usize = 100;

/// Writes the report.
pub(super) fn write(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let counts = outcome.counts();
    let fixed = outcome.comparison.as_ref().map(|comparison| comparison.fixed.as_slice()).unwrap_or_default();
    let shown: Vec<&Reported> = outcome.shown().collect();
    let problems: Vec<&Trouble> =
        outcome.problems.iter().filter(|problem| problem.severity > ProblemSeverity::Note).collect();
    let severities: Vec<_> = Severity::ALL
        .iter()
        .rev()
        .map(|severity| context! { name => severity.id(), count => counts.of(*severity) })
        .collect();
    let text = template::render(
        "summary.md",
        include_str!("templates/summary.md"),
        context! {
            total => counts.certain() + counts.possible + counts.ignored + counts.baselined + counts.unchanged + fixed.len(),
            severities,
            possible => counts.possible,
            ignored => counts.ignored,
            baselined => counts.baselined,
            base => outcome.comparison.as_ref().map(|comparison| escape(&comparison.base)),
            unchanged => counts.unchanged,
            fixed => fixed.iter().take(FINDINGS).map(gone).collect::<Vec<_>>(),
            fixed_left_out => fixed.len().saturating_sub(FINDINGS),
            analysed => outcome.analysed(),
            units => outcome.units.len(),
            paths => shown.iter().filter_map(|finding| finding.path.as_ref()).take(PATHS).map(path).collect::<Vec<_>>(),
            findings => shown.iter().take(FINDINGS).map(|finding| row(finding)).collect::<Vec<_>>(),
            left_out => shown.len().saturating_sub(FINDINGS),
            problems => problems.iter().take(PROBLEMS).map(|problem| trouble(problem)).collect::<Vec<_>>(),
            problems_left_out => problems.len().saturating_sub(PROBLEMS),
        },
    );
    out.write_all(text.as_bytes())
}

fn row(finding: &Reported) -> Value {
    context! {
        severity => finding.severity.id(),
        rule => finding.rule.id,
        place => escape(&concise::position(&finding.primary)),
        message => escape(&cut(&finding.message)),
    }
}

fn gone(entry: &Fixed) -> Value {
    context! { rule => &entry.rule, place => escape(&entry.path), address => escape(&entry.address) }
}

fn trouble(problem: &Trouble) -> Value {
    context! { place => escape(&concise::problem_position(problem)), message => escape(&cut(&problem.message)) }
}

fn path(path: &AttackPath) -> Value {
    let steps: Vec<_> = path
        .steps
        .iter()
        .enumerate()
        .map(|(at, step)| {
            context! {
                from => at,
                to => at + 1,
                from_name => diagram(&step.from.address),
                to_name => diagram(&step.to.address),
                kind => step.kind,
            }
        })
        .collect();
    context! {
        title => escape(&format!("{} to {}", path.from.address, path.to.address)),
        severity => path.severity.id(),
        steps,
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MESSAGE) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text.to_owned(),
    }
}

/// Makes any text plain text inside a table of GitHub's Markdown.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in sanitise::line(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' => {
                out.push('\\');
                out.push(c);
            }
            // A mention or the reference of an issue would notify people.
            '@' => out.push_str("&#64;"),
            _ => out.push(c),
        }
    }
    out
}

/// Text in a label of a Mermaid diagram, where only quotes and entities matter.
pub(crate) fn diagram(text: &str) -> String {
    let mut out = String::new();
    for c in sanitise::line(text).chars() {
        if c.is_alphanumeric() || matches!(c, ' ' | '/' | '-' | '_' | '.' | ':') {
            out.push(c);
        } else {
            out.push_str(&format!("#{};", u32::from(c)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_text() {
        assert_eq!(escape("a|b<script>`x`\n@me"), "a\\|b&lt;script&gt;\\`x\\` &#64;me");
        assert_eq!(diagram("x[\"a\"]"), "x#91;#34;a#34;#93;");
    }
}
