//! GitHub workflow commands: annotations on the lines of a pull request.

use std::io::{self, Write};

use iac_checks::{Certainty, Severity};

use super::sanitise;
use crate::outcome::{Outcome, Reported, State};

/// GitHub shows this many annotations of each kind for a step; the rest would be lost silently.
const EACH: usize = 10;

/// Writes the report: the most urgent findings first, and what did not fit as a count.
pub(super) fn write(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let mut written = [0_usize; 3];
    let mut left_out = 0;
    for finding in outcome.shown().filter(|finding| finding.state == State::New) {
        let kind = kind(finding);
        // The last warning is kept for the count.
        let room = EACH - usize::from(kind == Kind::Warning);
        if written[kind as usize] >= room {
            left_out += 1;
            continue;
        }
        written[kind as usize] += 1;
        annotation(kind, finding, out)?;
    }
    if left_out > 0 {
        writeln!(
            out,
            "::warning title=iac-scan::{left_out} more findings stand in the job summary and the report"
        )?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Error,
    Notice,
    Warning,
}

fn kind(finding: &Reported) -> Kind {
    match (finding.certainty, finding.severity) {
        (Certainty::Possible, _) | (_, Severity::Info | Severity::Low) => Kind::Notice,
        (Certainty::Certain, Severity::Medium) => Kind::Warning,
        (Certainty::Certain, Severity::High | Severity::Critical) => Kind::Error,
    }
}

fn annotation(kind: Kind, finding: &Reported, out: &mut dyn Write) -> io::Result<()> {
    let command = match kind {
        Kind::Error => "error",
        Kind::Notice => "notice",
        Kind::Warning => "warning",
    };
    let mut properties = Vec::new();
    if let Some(region) = finding.region() {
        properties.push(format!("file={}", property(&region.path)));
        properties.push(format!("line={},endLine={}", region.start.line, region.end.line));
        properties.push(format!("col={},endColumn={}", region.start.column, region.end.column));
    }
    properties.push(format!("title={}", property(&format!("{} ({})", finding.rule.id, finding.severity))));
    writeln!(out, "::{command} {}::{}", properties.join(","), data(&finding.message))
}

// actions/toolkit: packages/core/src/command.ts, escapeData and escapeProperty.
fn data(text: &str) -> String {
    let escaped = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    sanitise::line(&escaped)
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_start_another_command() {
        assert_eq!(data("100%\n::error::x\r"), "100%25%0A::error::x%0D");
        assert_eq!(property("a:b,c\n"), "a%3Ab%2Cc%0A");
    }
}
