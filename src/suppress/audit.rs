//! What is wrong with the ignores themselves.

use std::collections::HashSet;

use iac_checks::Rule;

use super::{Ignores, date};
use crate::outcome::Place;
use crate::own_rules::{EXPIRED_IGNORE, UNUSED_IGNORE};

/// A warning is given so many days before an ignore ends.
const WARNING_DAYS: i64 = 14;

/// What the audit found.
#[derive(Default)]
pub(crate) struct Audit {
    /// Findings of our own rules.
    pub(crate) findings: Vec<(&'static Rule, Place, String)>,
    /// Ignores that end soon, as notes.
    pub(crate) soon: Vec<(Place, String)>,
}

impl Ignores {
    /// Audits the ignores after all findings were matched. `wanted` are the rules that ran; `doubtful` are paths of
    /// files that were not read as a whole: an ignore there may hide what was not seen.
    pub(crate) fn audit(&self, wanted: &HashSet<&'static str>, doubtful: &HashSet<&str>) -> Audit {
        let mut audit = Audit::default();
        for fault in &self.faults {
            audit.findings.push((
                fault.rule,
                fault.place.clone(),
                format!("the ignore cannot work: {}", fault.message),
            ));
        }
        let mut seen: Vec<(&Place, &str)> = Vec::new();
        for ignore in &self.ignores {
            if seen.contains(&(&ignore.place, ignore.rule.id)) {
                continue;
            }
            seen.push((&ignore.place, ignore.rule.id));
            // One comment may cover several renderings of a chart.
            let same = self
                .ignores
                .iter()
                .filter(|other| other.place == ignore.place && other.rule.id == ignore.rule.id);
            let used = same.into_iter().any(|other| other.used.get());
            let id = ignore.rule.id;
            let until = ignore.until.as_deref().unwrap_or_default();
            if self.has_expired(ignore) {
                let message = format!("the ignore of {id} has expired on {until}");
                audit.findings.push((&EXPIRED_IGNORE, ignore.place.clone(), message));
                continue;
            }
            let path = ignore.place.region.as_ref().map(|region| region.path.as_str());
            let doubted = path.is_some_and(|path| doubtful.contains(path));
            if !used && wanted.contains(id) && !doubted {
                let message = format!("the ignore of {id} hides nothing");
                audit.findings.push((&UNUSED_IGNORE, ignore.place.clone(), message));
            } else if let Some(days) = self.days_left(until).filter(|days| *days <= WARNING_DAYS) {
                let message = format!("the ignore of {id} ends in {days} days, on {until}");
                audit.soon.push((ignore.place.clone(), message));
            }
        }
        audit
    }

    fn days_left(&self, until: &str) -> Option<i64> {
        Some(date::number(until)? - date::number(&self.policy.today)?)
    }
}
