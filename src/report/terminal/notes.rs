//! What stands below the source of a finding.

use iac_checks::Rule;

use crate::outcome::{AttackPath, Place, Reported};
use crate::report::{concise, sanitise};

/// More instances than this are counted, not named.
const INSTANCES: usize = 5;

/// The notes of a finding, each a line or, for a path, one line a step.
pub(super) fn of(finding: &Reported) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(key) = &finding.values_key {
        notes.push(format!("values key: {}", sanitise::line(key)));
    }
    if !finding.value_sets.is_empty() {
        notes.push(format!("value sets: {}", sanitise::line(&finding.value_sets.join(", "))));
    }
    if finding.instances.len() > 1 {
        let names =
            finding.instances.iter().take(INSTANCES).map(|instance| sanitise::line(&instance.address()));
        let mut line = format!("found in: {}", names.collect::<Vec<_>>().join(", "));
        if finding.instances.len() > INSTANCES {
            line.push_str(&format!(" and {} more", finding.instances.len() - INSTANCES));
        }
        notes.push(line);
    }
    notes.extend(finding.assumes.iter().map(|text| format!("assumes: {}", sanitise::line(text))));
    notes.extend(finding.path.as_ref().map(chain));
    if let Some(note) = &finding.ignore {
        let reason = if note.reason.is_empty() { "no reason given" } else { &note.reason };
        notes.push(format!("ignored at {}: {}", concise::position(&note.place), sanitise::line(reason)));
    }
    let fix = finding.rule.fix();
    if !fix.is_empty() {
        notes.push(format!("fix: {fix}"));
    }
    notes
}

/// A path as one line of arrows, then one line a step with its proof.
pub(crate) fn chain(path: &AttackPath) -> String {
    let nodes = std::iter::once(&path.from).chain(path.steps.iter().map(|step| &step.to));
    let nodes: Vec<String> = nodes.map(|node| sanitise::line(&node.address)).collect();
    let mut text = format!("path: {}", nodes.join(" -> "));
    for (number, step) in (1..).zip(&path.steps) {
        text.push_str(&format!("\n  {number}. {}", sanitise::line(&step.text)));
        let proofs: Vec<String> = step.because.iter().take(2).map(proof).collect();
        if !proofs.is_empty() {
            text.push_str(&format!(" ({})", proofs.join("; ")));
        }
        if step.choke {
            text.push_str("  <- cut here");
        }
    }
    if !path.other_entries.is_empty() {
        let others: Vec<String> =
            path.other_entries.iter().take(INSTANCES).map(|node| sanitise::line(&node.address)).collect();
        text.push_str(&format!("\n  also from: {}", others.join(", ")));
    }
    text
}

fn proof(place: &Place) -> String {
    let at = concise::position(place);
    if place.text.is_empty() { at } else { format!("{at}: {}", sanitise::line(&place.text)) }
}

/// The first web address among a rule's references.
pub(super) fn reference(rule: &Rule) -> Option<String> {
    let references = rule.section("References")?;
    let start = references.find("https://")?;
    let url =
        references[start..].split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ')')).next()?;
    url.chars().all(|c| c.is_ascii_graphic()).then(|| url.to_owned())
}
