//! Ignores: who accepted which finding where, why and until when.
//!
//! Comments are read from the sources, so that nothing a template prints can hide a finding. An ignore hides the
//! finding and never the fact: the graph keeps it.

mod annotations;
mod audit;
mod comments;
pub(crate) mod configured;
pub(crate) mod date;
mod grammar;
mod hcl;
mod scope;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use iac_checks::Rule;
use iac_model::{FileId, Residence, Resource, Span, Store};

use self::comments::Comment;
use self::grammar::{Directive, Verb};
use crate::locate::Locator;
use crate::outcome::{IgnoreNote, Place};
use crate::own_rules;

pub(crate) use self::audit::Audit;
pub(crate) use self::configured::ConfiguredIgnore;

/// What a person decided about ignores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Ignores hide nothing.
    pub off: bool,
    /// An ignore without a reason is invalid.
    pub require_reason: bool,
    /// An ignore must end within so many days.
    pub max_expiry: Option<u32>,
    /// The day of the scan, `YYYY-MM-DD`.
    pub today: String,
}

/// One rule of one ignore.
struct Ignore {
    rule: &'static Rule,
    until: Option<String>,
    reason: String,
    place: Place,
    scope: Scope,
    used: Cell<bool>,
}

/// What an ignore covers.
enum Scope {
    /// What the configuration says.
    Configured(ConfiguredIgnore),
    /// Lines of a file of the repository, by path.
    Lines(String, RangeInclusive<u32>),
    /// A resource, by address.
    Resource(String),
}

/// The ignores of a scan.
pub(crate) struct Ignores {
    ignores: Vec<Ignore>,
    /// Positions in `ignores` of those that cover lines, by path.
    by_path: HashMap<String, Vec<usize>>,
    /// Positions in `ignores` of all others.
    others: Vec<usize>,
    faults: Vec<Fault>,
    policy: Policy,
}

/// Something wrong with an ignore.
struct Fault {
    rule: &'static Rule,
    place: Place,
    message: String,
}

/// What is known of a finding when ignores are asked about it.
pub(crate) struct Touched<'a> {
    pub(crate) rule: &'static Rule,
    /// The places of its value's way.
    pub(crate) spans: &'a [Span],
    /// The place it is shown at.
    pub(crate) primary: &'a Place,
    pub(crate) resource: Option<&'a str>,
    pub(crate) container: Option<&'a str>,
}

impl Ignores {
    /// Reads the ignores of all sources of the repository, of annotations and of the configuration.
    pub(crate) fn read(
        store: &Store,
        locator: &Locator<'_>,
        resources: &[Resource],
        configured: Vec<(ConfiguredIgnore, Place)>,
        policy: Policy,
    ) -> Self {
        let mut ignores = Self {
            ignores: Vec::new(),
            by_path: HashMap::new(),
            others: Vec::new(),
            faults: Vec::new(),
            policy,
        };
        let mut seen = HashSet::new();
        for (id, file) in store.sources.iter() {
            if file.residence == Residence::Disk && file.rendered().is_none() && seen.insert(&file.path) {
                ignores.file(store, locator, id);
            }
        }
        for resource in resources {
            for annotation in annotations::of(resource) {
                let Some(place) = locator.proof(annotation.at, None, "") else { continue };
                let directive = Directive {
                    verb: Verb::Here,
                    rules: vec![annotation.rule],
                    until: None,
                    reason: annotation.reason,
                };
                ignores.add(directive, place, || Scope::Resource(resource.address.clone()));
            }
        }
        for (one, place) in configured {
            let directive = Directive {
                verb: Verb::Here,
                rules: one.rules.clone(),
                until: one.until.clone(),
                reason: one.reason.clone(),
            };
            ignores.add(directive, place, || Scope::Configured(one.clone()));
        }
        ignores.index();
        ignores
    }

    fn file(&mut self, store: &Store, locator: &Locator<'_>, id: FileId) {
        let file = store.sources.file(id);
        let (Some(language), Some(text)) = (comments::language(file.kind, &file.path), file.as_str()) else {
            return;
        };
        if !text.contains("iac-scan:") {
            return;
        }
        let mut open: Vec<(Directive, Place, u32)> = Vec::new();
        for comment in comments::find(language, text) {
            let Some(parsed) = grammar::parse(&comment.text) else { continue };
            let Some(place) = locator.place(Span::new(id, comment.start, comment.end)) else { continue };
            let place = Place { text: "ignored here".into(), ..place };
            let directive = match (parsed, comment.in_scalar) {
                (Err(message), _) => {
                    self.fault(place, message);
                    continue;
                }
                (Ok(_), true) => {
                    self.fault(place, "it is text of a block scalar, not a comment".into());
                    continue;
                }
                (Ok(directive), false) => directive,
            };
            let line = scope::line_of(text, comment.start);
            match directive.verb {
                Verb::Here => self.here(language, text, &file.path, &comment, directive, place),
                Verb::File if line > HEAD => {
                    self.fault(place, format!("`ignore-file` must stand in the first {HEAD} lines"));
                }
                Verb::File => {
                    let lines = 1..=file.line_count();
                    self.add(directive, place, || Scope::Lines(file.path.clone(), lines.clone()));
                }
                Verb::Start => open.push((directive, place, line)),
                Verb::End => match open.iter().rposition(|(start, ..)| start.rules == directive.rules) {
                    Some(at) => {
                        let (start, place, from) = open.remove(at);
                        self.add(start, place, || Scope::Lines(file.path.clone(), from..=line));
                    }
                    None => self.fault(place, "no `ignore-start` with the same rules stands above it".into()),
                },
            }
        }
        for (_, place, _) in open {
            self.fault(place, "no `ignore-end` with the same rules stands below it".into());
        }
    }

    fn here(
        &mut self,
        language: comments::Language,
        text: &str,
        path: &str,
        comment: &Comment,
        directive: Directive,
        place: Place,
    ) {
        match scope::of(language, text, comment) {
            Some(lines) => self.add(directive, place, || Scope::Lines(path.to_owned(), lines.clone())),
            None => self.fault(place, "nothing stands below it".into()),
        }
    }

    /// Adds an ignore for each of its rules, unless something is wrong with it.
    fn add(&mut self, directive: Directive, place: Place, scope: impl Fn() -> Scope) {
        if self.policy.require_reason && directive.reason.is_empty() {
            return self.fault(place, "it gives no reason, which the configuration requires".into());
        }
        if let Some(fault) = self.policy.max_expiry.and_then(|days| self.too_long(&directive, days)) {
            return self.fault(place, fault);
        }
        for id in &directive.rules {
            match own_rules::find(id) {
                None => self.fault(place.clone(), unknown_rule(id)),
                Some(rule) => self.ignores.push(Ignore {
                    rule,
                    until: directive.until.clone(),
                    reason: directive.reason.clone(),
                    place: place.clone(),
                    scope: scope(),
                    used: Cell::new(false),
                }),
            }
        }
    }

    fn too_long(&self, directive: &Directive, days: u32) -> Option<String> {
        let until = directive.until.as_deref().and_then(date::number);
        let last = date::number(&self.policy.today)? + i64::from(days);
        match until {
            None => Some(format!("it has no date; the configuration requires one within {days} days")),
            Some(until) if until > last => Some(format!("its date is more than {days} days ahead")),
            Some(_) => None,
        }
    }

    fn fault(&mut self, place: Place, message: String) {
        // A chart that is installed twice shows each of its annotations twice.
        if !self.faults.iter().any(|known| known.place == place && known.message == message) {
            self.faults.push(Fault { rule: &own_rules::INVALID_IGNORE, place, message });
        }
    }

    fn index(&mut self) {
        for (at, ignore) in self.ignores.iter().enumerate() {
            match &ignore.scope {
                Scope::Lines(path, _) => self.by_path.entry(path.clone()).or_default().push(at),
                Scope::Configured(_) | Scope::Resource(_) => self.others.push(at),
            }
        }
    }

    /// The ignore that hides a finding, if there is one; all that cover it count as used.
    pub(crate) fn covering(&self, store: &Store, touched: &Touched<'_>) -> Option<IgnoreNote> {
        let mut lines: Vec<(&str, u32)> = Vec::new();
        if let Some(region) = &touched.primary.region {
            lines.push((&region.path, region.start.line));
        }
        for span in touched.spans {
            let file = store.sources.file(span.file);
            let place = (file.path.as_str(), file.position(span.start).line);
            if file.rendered().is_none() && !lines.contains(&place) {
                lines.push(place);
            }
        }
        let near = lines.iter().filter_map(|(path, _)| self.by_path.get(*path)).flatten();
        let mut found: Option<&Ignore> = None;
        for &at in near.chain(&self.others) {
            let ignore = &self.ignores[at];
            if ignore.rule.id != touched.rule.id || !ignore.scope.covers(&lines, touched) {
                continue;
            }
            ignore.used.set(true);
            if !self.policy.off && !self.has_expired(ignore) {
                found = found.or(Some(ignore));
            }
        }
        found.map(|ignore| IgnoreNote { reason: ignore.reason.clone(), place: ignore.place.clone() })
    }

    /// Tells whether an ignore that still holds covers a place or the resource it belongs to, whatever its rule.
    pub(crate) fn speaks_of(&self, place: &Place) -> bool {
        let region = place.region.as_ref();
        let holds = |ignore: &&Ignore| !self.policy.off && !self.has_expired(ignore);
        self.ignores.iter().filter(holds).any(|ignore| match &ignore.scope {
            Scope::Configured(one) => {
                one.covers(region.map(|region| region.path.as_str()), place.address.as_deref(), None)
            }
            Scope::Lines(path, lines) => {
                region.is_some_and(|region| region.path == *path && lines.contains(&region.start.line))
            }
            Scope::Resource(address) => place.address.as_deref() == Some(address),
        })
    }

    fn has_expired(&self, ignore: &Ignore) -> bool {
        ignore.until.as_ref().is_some_and(|until| *until < self.policy.today)
    }
}

/// `ignore-file` counts in this many lines.
const HEAD: u32 = 20;

impl Scope {
    fn covers(&self, lines: &[(&str, u32)], touched: &Touched<'_>) -> bool {
        match self {
            Self::Configured(ignore) => {
                let path = touched.primary.region.as_ref().map(|region| region.path.as_str());
                ignore.covers(path, touched.resource, touched.container)
            }
            Self::Lines(path, range) => lines.iter().any(|(at, line)| at == path && range.contains(line)),
            Self::Resource(address) => touched.resource == Some(address),
        }
    }
}

fn unknown_rule(id: &str) -> String {
    let known = crate::rules().map(|rule| rule.id);
    match crate::suggest::closest(id, known) {
        Some(close) => format!("there is no rule `{id}`; is `{close}` meant?"),
        None => format!("there is no rule `{id}`"),
    }
}
