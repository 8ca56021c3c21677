//! Rules about the scan itself. They belong to no OWASP risk and no check runs for them.

use iac_checks::{Persona, Rule, Severity};

const fn own(id: &'static str, severity: Severity, title: &'static str, doc: &'static str) -> Rule {
    Rule {
        id,
        aliases: &[],
        owasp: None,
        also: &[],
        severity,
        persona: Persona::Default,
        title,
        doc,
        tags: &["iac-scan"],
        file: file!(),
    }
}

/// Something could not be analysed; only SARIF has results of it, everything else has problems.
pub static ANALYSIS_INCOMPLETE: Rule = own(
    "analysis-incomplete",
    Severity::Info,
    "not all of it could be analysed",
    "A chart, module or file could not be analysed as a whole, so findings may be missing.

## Why it matters
A scanner that skips a chart silently looks like a clean chart.

## How to fix
Read the message: it names the reason and, where there is one, the command that brings what is missing.

## References
- iac-scan, command line: `--strict` makes an incomplete analysis fail",
);

/// An ignore whose date has passed.
pub static EXPIRED_IGNORE: Rule = own(
    "expired-ignore",
    Severity::Low,
    "the ignore has expired",
    "An ignore comment has a date that has passed, so it hides nothing any more.

## Why it matters
The risk was accepted for a time, and the time is over.

## How to fix
Fix the finding and remove the comment, or decide again and give a new date.

## References
- iac-scan, ignores: `until=YYYY-MM-DD`",
);

/// An ignore that cannot mean anything.
pub static INVALID_IGNORE: Rule = own(
    "invalid-ignore",
    Severity::Medium,
    "the ignore cannot work",
    "An ignore is written wrongly, names a rule that does not exist or lacks a reason that is required.

## Why it matters
Whoever wrote it believes that a finding is accepted; it is not, or the wrong one is.

## How to fix
Correct it as the message says: `iac-scan: ignore[rule-id] until=YYYY-MM-DD reason`.

## References
- iac-scan, ignores",
);

/// An ignore that hides nothing.
pub static UNUSED_IGNORE: Rule = own(
    "unused-ignore",
    Severity::Low,
    "the ignore hides nothing",
    "An ignore names a rule that reports nothing at this place.

## Why it matters
What it accepted is gone; left where it is, it would hide the next finding of its kind.

## How to fix
Remove it.

## References
- iac-scan, ignores",
);

/// All of them, by id.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [&ANALYSIS_INCOMPLETE, &EXPIRED_IGNORE, &INVALID_IGNORE, &UNUSED_IGNORE].into_iter()
}

/// Finds a rule by id or former id, among the checks' and our own.
pub fn find(id: &str) -> Option<&'static Rule> {
    crate::rules().find(|rule| rule.id == id || rule.aliases.contains(&id))
}
