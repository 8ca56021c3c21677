//! Findings of one rule on one line become one finding, since GitHub takes them for one alert.

use std::collections::{BTreeMap, BTreeSet};

use iac_checks::{Certainty, Rule, Severity};
use iac_model::Sources;

use crate::fingerprint::{Counter, Key, LineHashes, unknown_line};
use crate::outcome::{AttackPath, IgnoreNote, Instance, Place, Region, Reported, State};

/// One finding with its places, before those of one line are merged.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) certainty: Certainty,
    pub(crate) assumes: Vec<String>,
    pub(crate) priority: u8,
    pub(crate) message: String,
    pub(crate) resource: Option<String>,
    pub(crate) container: Option<String>,
    /// Further resources that it speaks for.
    pub(crate) affected: Vec<String>,
    pub(crate) field: Option<String>,
    pub(crate) values_key: Option<String>,
    pub(crate) value_sets: Vec<String>,
    pub(crate) primary: Place,
    pub(crate) region: Region,
    pub(crate) related: Vec<Place>,
    pub(crate) trace: Vec<Place>,
    pub(crate) path: Option<AttackPath>,
    pub(crate) state: State,
    pub(crate) ignore: Option<IgnoreNote>,
}

/// What findings share that become one: rule, path, line, and what must not be mixed.
type Line = (&'static str, String, u32, Certainty, State);

/// More instances than this are counted in a message, not named.
const NAMED: usize = 4;
/// More related places than this help nobody.
const RELATED: usize = 20;

/// Fingerprints of what is no news.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    /// Those of the baseline.
    pub(crate) baseline: &'a BTreeSet<String>,
    /// Those of the state that this one is compared with.
    pub(crate) before: &'a BTreeSet<String>,
}

impl Known<'_> {
    /// What becomes of a finding that no ignore hides: it is known when all of it is.
    fn state(&self, fingerprints: &BTreeSet<&str>) -> State {
        let (mut state, mut is_known) = (State::Baselined, true);
        for fingerprint in fingerprints {
            if !self.baseline.contains(*fingerprint) {
                state = State::Unchanged;
                is_known &= self.before.contains(*fingerprint);
            }
        }
        if is_known { state } else { State::New }
    }
}

/// Merges and sorts: the most urgent first, then by place and rule.
pub(crate) fn merge(sources: &Sources, mut found: Vec<Located>, known: &Known<'_>) -> Vec<Reported> {
    // The order in which equal keys are counted must not depend on anything but the findings themselves.
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut counter = Counter::default();
    let mut groups: BTreeMap<Line, Vec<(Located, Vec<Instance>)>> = BTreeMap::new();
    for located in found {
        let instances = instances(sources, &located, &mut counter);
        let key = (
            located.rule.id,
            located.region.path.clone(),
            located.region.start.line,
            located.certainty,
            located.state,
        );
        groups.entry(key).or_default().push((located, instances));
    }
    let mut hashes = LineHashes::default();
    let groups = groups.into_values();
    let mut reported: Vec<Reported> =
        groups.filter_map(|group| one(sources, group, &mut hashes, known)).collect();
    reported.sort_by(|a, b| rank(a).cmp(&rank(b)));
    reported
}

fn order(located: &Located) -> impl Ord + '_ {
    (
        &located.region.path,
        located.region.start,
        located.rule.id,
        std::cmp::Reverse(located.certainty),
        &located.resource,
        &located.container,
        &located.field,
        &located.value_sets,
        &located.message,
    )
}

fn rank(reported: &Reported) -> impl Ord + '_ {
    let region = reported.region();
    (
        std::cmp::Reverse((reported.priority, reported.severity)),
        region.map(|region| (&region.path, region.start)),
        reported.rule.id,
        std::cmp::Reverse(reported.certainty),
        reported.state,
        &reported.resource,
    )
}

/// What a finding speaks for, each with the identity that a baseline holds.
fn instances(sources: &Sources, located: &Located, counter: &mut Counter) -> Vec<Instance> {
    let evidence = located.region.span.map(|span| sources.slice(span)).unwrap_or_default();
    let subjects = located.resource.iter().map(|resource| (resource, &located.container));
    let affected = located.affected.iter().map(|resource| (resource, &None));
    let mut instance = |(resource, container): (&String, &Option<String>)| {
        let mut instance = Instance {
            resource: resource.clone(),
            container: container.clone(),
            value_sets: located.value_sets.clone(),
            fingerprint: String::new(),
        };
        let key = Key {
            rule: located.rule.id,
            path: &located.region.path,
            address: &instance.address(),
            field: located.field.as_deref().unwrap_or_default(),
            evidence: &evidence,
        };
        // The value sets of one chart give one finding each with one key: these are no second finding.
        instance.fingerprint = counter.count(key.digest(), &located.value_sets);
        instance
    };
    if located.resource.is_none() && located.affected.is_empty() {
        return vec![instance((&String::new(), &None))];
    }
    subjects.chain(affected).map(&mut instance).collect()
}

fn one(
    sources: &Sources,
    group: Vec<(Located, Vec<Instance>)>,
    hashes: &mut LineHashes,
    known: &Known<'_>,
) -> Option<Reported> {
    let mut instances: Vec<Instance> = Vec::new();
    for instance in group.iter().flat_map(|(_, instances)| instances) {
        match instances.iter_mut().find(|known| known.address() == instance.address()) {
            Some(known) => extend(&mut known.value_sets, &instance.value_sets),
            None => instances.push(instance.clone()),
        }
    }
    let fingerprint = instances.first()?.fingerprint.clone();
    let all: BTreeSet<&str> = group
        .iter()
        .flat_map(|(_, instances)| instances)
        .map(|instance| instance.fingerprint.as_str())
        .collect();
    let state = known.state(&all);
    let mut group = group.into_iter().map(|(located, _)| located);
    let mut first = group.next()?;
    for other in group {
        extend(&mut first.assumes, &other.assumes);
        extend(&mut first.related, &other.related);
        first.priority = first.priority.max(other.priority);
        first.path = first.path.or(other.path);
    }
    first.related.truncate(RELATED);
    let line = first.region.start.line;
    let line_hash = match first.region.span {
        Some(span) => hashes.of(sources, span.file, line),
        None => unknown_line(line),
    };
    let mut value_sets: Vec<String> = Vec::new();
    instances.iter().for_each(|instance| extend(&mut value_sets, &instance.value_sets));
    instances.retain(|instance| !instance.resource.is_empty());
    Some(Reported {
        rule: first.rule,
        severity: first.severity,
        certainty: first.certainty,
        assumes: first.assumes,
        priority: first.priority,
        message: message(first.message, &instances),
        resource: first.resource,
        container: first.container,
        field: first.field,
        values_key: first.values_key,
        value_sets,
        instances,
        primary: first.primary,
        related: first.related,
        trace: first.trace,
        path: first.path,
        fingerprint,
        line_hash,
        state: if first.state == State::New { state } else { first.state },
        ignore: first.ignore,
    })
}

/// The first one's message, which stands alone, and the names of the others.
fn message(first: String, instances: &[Instance]) -> String {
    let others = instances.get(1..).unwrap_or_default();
    if others.is_empty() {
        return first;
    }
    let names: Vec<String> = others.iter().take(NAMED).map(Instance::address).collect();
    let more = others.len().saturating_sub(NAMED);
    let stop = if first.ends_with(['.', '!', '?']) { "" } else { "." };
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{first}{stop} The same holds for {}{tail}", names.join(", "))
}

fn extend<T: PartialEq + Clone>(list: &mut Vec<T>, more: &[T]) {
    for item in more {
        if !list.contains(item) {
            list.push(item.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::PlaceRole;
    use crate::own_rules::{INVALID_IGNORE, UNUSED_IGNORE};
    use iac_model::{FileKind, Residence, Span};

    fn located(sources: &Sources, needle: &str, resource: &str, set: Option<&str>) -> Located {
        let (id, file) = sources.iter().next().expect("there is a file");
        let at = file.as_str().and_then(|text| text.find(needle)).expect("it is there");
        let span = Span::new(id, at, at + needle.len());
        let (start, end) = (file.position(span.start), file.position(span.end));
        let region = Region { path: file.path.clone(), start, end, span: Some(span) };
        let primary = Place {
            region: Some(region.clone()),
            role: PlaceRole::Values,
            address: None,
            text: String::new(),
        };
        Located {
            rule: &UNUSED_IGNORE,
            severity: Severity::Low,
            certainty: Certainty::Certain,
            assumes: Vec::new(),
            priority: 20,
            message: format!("{resource} is bad"),
            resource: Some(resource.into()),
            container: None,
            affected: Vec::new(),
            field: Some("spec.x".into()),
            values_key: None,
            value_sets: set.map(Into::into).into_iter().collect(),
            primary,
            region,
            related: Vec::new(),
            trace: Vec::new(),
            path: None,
            state: State::New,
            ignore: None,
        }
    }

    fn nothing() -> Known<'static> {
        static NONE: BTreeSet<String> = BTreeSet::new();
        Known { baseline: &NONE, before: &NONE }
    }

    fn sources() -> Sources {
        let sources = Sources::default();
        sources.add("values.yaml", FileKind::Values, Residence::Disk, &b"a: 1\nb: 2\n"[..]);
        sources
    }

    #[test]
    fn one_line_and_rule_is_one_finding() {
        let sources = sources();
        let found = vec![
            located(&sources, "a: 1", "Deployment/web", None),
            located(&sources, "a: 1", "Deployment/job", None),
            located(&sources, "b: 2", "Deployment/web", None),
            Located {
                rule: &INVALID_IGNORE,
                priority: 40,
                ..located(&sources, "a: 1", "Deployment/web", None)
            },
        ];
        let merged = merge(&sources, found, &nothing());
        let lines: Vec<(&str, u32, usize)> = merged
            .iter()
            .map(|one| (one.rule.id, one.region().map_or(0, |region| region.start.line), one.instances.len()))
            .collect();
        assert_eq!(lines, [("invalid-ignore", 1, 1), ("unused-ignore", 1, 2), ("unused-ignore", 2, 1)]);
        assert_eq!(merged[1].message, "Deployment/job is bad. The same holds for Deployment/web");
    }

    #[test]
    fn value_sets_are_listed_and_keep_one_identity() {
        let sources = sources();
        let alone = merge(&sources, vec![located(&sources, "a: 1", "Deployment/web", None)], &nothing());
        let found = vec![
            located(&sources, "a: 1", "Deployment/web", Some("prod")),
            located(&sources, "a: 1", "Deployment/web", Some("dev")),
        ];
        let merged = merge(&sources, found, &nothing());
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].value_sets, ["dev", "prod"]);
        assert_eq!(merged[0].message, "Deployment/web is bad");
        assert_eq!(merged[0].fingerprint, alone[0].fingerprint);
    }

    #[test]
    fn a_finding_is_known_when_all_of_it_is() {
        let sources = sources();
        let web = located(&sources, "a: 1", "Deployment/web", None);
        let job = located(&sources, "a: 1", "Deployment/job", None);
        let before = merge(&sources, vec![web.clone()], &nothing());
        let known: BTreeSet<String> = [before[0].fingerprint.clone()].into();
        let state = |found: &[&Located], baseline: &BTreeSet<String>, before: &BTreeSet<String>| {
            let found = found.iter().map(|located| (*located).clone()).collect();
            merge(&sources, found, &Known { baseline, before })[0].state
        };
        let (both, none) = ([&web, &job], BTreeSet::new());
        assert_eq!(state(&[&web], &known, &none), State::Baselined);
        assert_eq!(state(&both, &known, &none), State::New);
        assert_eq!(state(&[&web], &none, &known), State::Unchanged);
        assert_eq!(state(&[&web], &known, &known), State::Baselined);
        let other: BTreeSet<String> =
            [merge(&sources, vec![job.clone()], &nothing())[0].fingerprint.clone()].into();
        assert_eq!(state(&both, &known, &other), State::Unchanged);
    }

    #[test]
    fn identities_survive_moved_lines() {
        let before = sources();
        let after = Sources::default();
        after.add("values.yaml", FileKind::Values, Residence::Disk, &b"# new\n\na:   1\nb: 2\n"[..]);
        let one = |sources: &Sources, needle| {
            let found = vec![located(sources, needle, "Deployment/web", None)];
            merge(sources, found, &nothing())[0].fingerprint.clone()
        };
        assert_eq!(one(&before, "a: 1"), one(&after, "a:   1"));
        assert_ne!(one(&before, "a: 1"), one(&after, "b: 2"));
    }
}
