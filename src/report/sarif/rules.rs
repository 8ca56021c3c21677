//! The rules of the run, with what GitHub shows beside an alert.

use iac_checks::{Certainty, Persona, Rule, Severity};

use super::level;
use super::types::{Configuration, Descriptor, DescriptorProperties, Help, Message};
use crate::outcome::Outcome;
use crate::own_rules;

/// GitHub shows ten tags; the most useful come first.
const TAGS: usize = 8;
/// GitHub refuses longer descriptions.
const DESCRIPTION: usize = 1_024;

/// All rules, each once, whether they reported something or not.
pub(super) fn descriptors(outcome: &Outcome) -> Vec<Descriptor> {
    iac_checks::rules()
        .chain(own_rules::all())
        .map(|rule| descriptor(rule, outcome.severity_of(rule)))
        .collect()
}

fn descriptor(rule: &'static Rule, severity: Severity) -> Descriptor {
    let summary = rule.summary();
    let why = rule.section("Why it matters").unwrap_or_default();
    Descriptor {
        id: rule.id,
        name: rule.id,
        deprecated_ids: rule.aliases,
        short_description: Message { text: cut(&capitalised(rule.title)) },
        full_description: Message { text: cut(&summary) },
        help: Help {
            text: format!("{summary}\n\nWhy it matters: {why}\n\nHow to fix: {}", rule.fix()),
            markdown: rule.markdown(),
        },
        default_configuration: Configuration { level: level(severity, Certainty::Certain) },
        properties: DescriptorProperties {
            tags: tags(rule),
            precision: precision(rule.persona),
            security_severity: severity.security_severity(),
            problem_severity: match severity {
                Severity::Info => "recommendation",
                Severity::Low | Severity::Medium => "warning",
                Severity::High | Severity::Critical => "error",
            },
        },
    }
}

fn tags(rule: &Rule) -> Vec<String> {
    let risks = rule.risks().map(|owasp| format!("owasp-{}", owasp.id().to_lowercase()));
    let own = rule.tags.iter().map(|&tag| tag.to_owned());
    std::iter::once("security".to_owned()).chain(risks).chain(own).take(TAGS).collect()
}

/// The default persona is for rules with less than one false alarm in 20 findings.
fn precision(persona: Persona) -> &'static str {
    match persona {
        Persona::Default => "high",
        Persona::Pedantic => "medium",
        Persona::Auditor => "low",
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(DESCRIPTION - 4) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text.to_owned(),
    }
}

fn capitalised(title: &str) -> String {
    let mut chars = title.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
