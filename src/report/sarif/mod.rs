//! SARIF 2.1.0, shaped for GitHub code scanning: one run, one location a result, severities as strings.

mod flows;
mod rules;
mod types;

use std::collections::BTreeMap;
use std::io::{self, Write};

use iac_checks::{Certainty, Severity};
use iac_model::ProblemSeverity;
use serde_json::json;

use self::types::{
    ArtifactLocation, AutomationDetails, DescriptorReference, Driver, Finding, Invocation, Level, Location,
    Log, LogicalLocation, Message, Notification, PhysicalLocation, Region, Run, Suppression, Tool,
};
use super::json::v1;
use super::{Settings, sanitise};
use crate::fingerprint::LineHashes;
use crate::outcome::{Instance, Outcome, Place, PlaceRole, Reported, State, Trouble};
use crate::own_rules::ANALYSIS_INCOMPLETE;

/// GitHub keeps this many results of a run.
const RESULTS: usize = 5_000;
/// GitHub refuses a file that is larger than this when compressed.
const FILE_BYTES: usize = 10_000_000;
/// More related places than this help nobody; GitHub keeps 100.
const RELATED: usize = 20;

/// Writes the report.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn write(outcome: &Outcome, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    let mut log = log(outcome, settings);
    let total = log.runs[0].results.len();
    keep_first(&mut log.runs[0], RESULTS, total);
    let mut bytes = serde_json::to_vec(&log)?;
    while compressed_bytes(&bytes)? > FILE_BYTES && !log.runs[0].results.is_empty() {
        let fewer = log.runs[0].results.len() * 3 / 4;
        keep_first(&mut log.runs[0], fewer, total);
        bytes = serde_json::to_vec(&log)?;
    }
    out.write_all(&bytes)?;
    out.write_all(b"\n")
}

/// Keeps the most urgent results and says how many are left out.
fn keep_first(run: &mut Run, count: usize, total: usize) {
    if run.results.len() <= count {
        return;
    }
    run.results.truncate(count);
    let notifications = &mut run.invocations[0].tool_execution_notifications;
    notifications.retain(|notification| notification.descriptor.id != TRUNCATED);
    let left_out = total - count;
    notifications.push(Notification {
        descriptor: DescriptorReference { id: TRUNCATED },
        level: Level::Warning,
        message: message(format!("{left_out} of {total} results are left out: GitHub takes no more")),
        locations: Vec::new(),
    });
}

/// Id of the notification that results are left out.
const TRUNCATED: &str = "report-truncated";

fn compressed_bytes(bytes: &[u8]) -> io::Result<usize> {
    if bytes.len() <= FILE_BYTES {
        return Ok(bytes.len());
    }
    let mut encoder = flate2::write::GzEncoder::new(Length(0), flate2::Compression::fast());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.0)
}

/// Counts what is written to it.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn log(outcome: &Outcome, settings: &Settings) -> Log {
    let rules = rules::descriptors(outcome);
    let index: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(at, rule)| (rule.id, at)).collect();
    let of_rule = |id: &str| index.get(id).copied().unwrap_or_default();
    let reported = outcome.findings.iter().filter(|finding| match finding.state {
        // An upload is the whole truth of a commit: what is left out of it is closed.
        State::New | State::Unchanged => outcome.is_wanted(finding),
        State::Baselined | State::Ignored => settings.suppressed && outcome.is_wanted(finding),
    });
    let mut results: Vec<Finding> =
        reported.filter_map(|finding| result(outcome, finding, of_rule(finding.rule.id))).collect();
    results.extend(incomplete(outcome, of_rule(ANALYSIS_INCOMPLETE.id)));
    let notifications = outcome.problems.iter().map(notification).collect();
    let run = Run {
        tool: Tool {
            driver: Driver { name: "iac-scan", semantic_version: env!("CARGO_PKG_VERSION"), rules },
        },
        automation_details: AutomationDetails { id: format!("{}/", settings.category) },
        invocations: [Invocation {
            execution_successful: !outcome.is_broken(),
            tool_execution_notifications: notifications,
        }],
        column_kind: "utf16CodeUnits",
        results,
    };
    Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }
}

/// A finding as a result; `None` for one without a place, which would make GitHub refuse the whole file.
fn result(outcome: &Outcome, finding: &Reported, rule_index: usize) -> Option<Finding> {
    let mut primary = location(&finding.primary, None)?;
    primary.message = None;
    primary.logical_locations = logical(finding);
    let related: Vec<Location> =
        finding.related.iter().filter_map(|place| location(place, Some(0))).take(RELATED).collect();
    let related: Vec<Location> =
        related.into_iter().zip(1..).map(|(location, id)| Location { id: Some(id), ..location }).collect();
    Some(Finding {
        rule_id: finding.rule.id,
        rule_index,
        level: level(finding.severity, finding.certainty),
        message: message(text(finding)),
        locations: [primary],
        related_locations: related,
        code_flows: flows::of(finding),
        partial_fingerprints: BTreeMap::from([
            ("primaryLocationLineHash", finding.line_hash.clone()),
            ("iacScan/v1", finding.fingerprint.clone()),
        ]),
        rank: f64::from(finding.priority),
        suppressions: suppressions(finding),
        baseline_state: outcome.comparison.as_ref().map(|_| match finding.state {
            State::New => "new",
            State::Unchanged | State::Baselined | State::Ignored => "unchanged",
        }),
        properties: json!({
            "severity": finding.severity.id(),
            "priority": finding.priority,
            "certainty": v1::certainty(finding.certainty),
            "assumes": finding.assumes,
            "owasp": v1::risks(finding.rule),
            "field": finding.field,
            "valuesKey": finding.values_key,
            "valueSets": finding.value_sets,
            "instances": finding.instances.iter().map(instance).collect::<Vec<_>>(),
            "pathId": finding.path.as_ref().map(|path| &path.id),
        }),
    })
}

fn instance(instance: &Instance) -> serde_json::Value {
    json!({
        "resource": instance.resource,
        "container": instance.container,
        "valueSets": instance.value_sets,
    })
}

/// The message, with links to the other side: the template where the primary place is a values key, and the reverse.
fn text(finding: &Reported) -> String {
    let plain = sanitise::line(&finding.message);
    // SARIF 2.1.0, 3.11.6: `[text](target)` is a link in plain text too.
    let mut text = if plain.contains("](") { plain.replace('[', "\\[") } else { plain };
    let linked = finding.related.iter().filter(|place| place.region.is_some()).take(RELATED).zip(1_usize..);
    let links: Vec<String> = linked
        .filter(|(place, _)| {
            matches!(place.role, PlaceRole::Template | PlaceRole::Values | PlaceRole::Variable)
        })
        .take(3)
        .map(|(place, id)| format!("[{}]({id})", place.role.id()))
        .collect();
    if !links.is_empty() {
        let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
        text.push_str(&format!("{stop} See {}.", links.join(", ")));
    }
    text
}

/// The subject first, then its container, then every further instance of a merged finding.
fn logical(finding: &Reported) -> Vec<LogicalLocation> {
    let mut found: Vec<LogicalLocation> = Vec::new();
    let mut add = |location: LogicalLocation| {
        if !found.iter().any(|known| known.fully_qualified_name == location.fully_qualified_name) {
            found.push(location);
        }
    };
    let subject = finding.resource.as_ref().map(|resource| (resource, &finding.container));
    let instances = finding.instances.iter().map(|instance| (&instance.resource, &instance.container));
    for (resource, container) in subject.into_iter().chain(instances) {
        add(resource_location(resource));
        if let Some(container) = container {
            add(LogicalLocation {
                fully_qualified_name: format!("{resource}#{container}"),
                name: container.clone(),
                kind: "container",
            });
        }
    }
    found
}

fn resource_location(address: &str) -> LogicalLocation {
    let name = address.rsplit(['/', '.']).next().unwrap_or(address);
    LogicalLocation { fully_qualified_name: address.into(), name: name.into(), kind: "resource" }
}

/// A place as a location; `None` for what was typed on the command line.
fn location(place: &Place, id: Option<usize>) -> Option<Location> {
    let region = place.region.as_ref()?;
    Some(Location {
        id,
        physical_location: PhysicalLocation {
            artifact_location: artifact(&region.path),
            region: Some(Region {
                start_line: region.start.line,
                start_column: region.start.utf16_column,
                end_line: region.end.line,
                end_column: region.end.utf16_column,
            }),
        },
        logical_locations: place.address.as_deref().map(resource_location).into_iter().collect(),
        message: (!place.text.is_empty()).then(|| message(sanitise::line(&place.text))),
    })
}

fn artifact(path: &str) -> ArtifactLocation {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte as char)
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    ArtifactLocation { uri }
}

fn message(text: impl Into<String>) -> Message {
    Message { text: text.into() }
}

fn level(severity: Severity, certainty: Certainty) -> Level {
    match (severity, certainty) {
        (_, Certainty::Possible) | (Severity::Info | Severity::Low, _) => Level::Note,
        (Severity::Medium, Certainty::Certain) => Level::Warning,
        (Severity::High | Severity::Critical, Certainty::Certain) => Level::Error,
    }
}

fn suppressions(finding: &Reported) -> Vec<Suppression> {
    match (finding.state, &finding.ignore) {
        (State::New | State::Unchanged, _) => Vec::new(),
        (State::Ignored, Some(note)) => {
            let kind = if note.place.role == PlaceRole::Config { "external" } else { "inSource" };
            let justification = (!note.reason.is_empty()).then(|| sanitise::line(&note.reason));
            vec![Suppression { kind, justification, location: location(&note.place, None) }]
        }
        (State::Baselined | State::Ignored, _) => {
            vec![Suppression { kind: "external", justification: None, location: None }]
        }
    }
}

/// What could not be analysed, as results too: the alerts it had are closed by this upload.
fn incomplete(outcome: &Outcome, rule_index: usize) -> Vec<Finding> {
    let mut hashes = LineHashes::default();
    let mut by_line: BTreeMap<(String, u32), (Location, String, Vec<&str>)> = BTreeMap::new();
    for problem in outcome.problems.iter().filter(|problem| problem.severity > ProblemSeverity::Note) {
        let Some(place) = &problem.place else { continue };
        let (Some(region), Some(location)) = (&place.region, location(place, None)) else { continue };
        let hash = match region.span {
            Some(span) => hashes.of(&outcome.sources, span.file, region.start.line),
            None => crate::fingerprint::unknown_line(region.start.line),
        };
        let key = (region.path.clone(), region.start.line);
        by_line.entry(key).or_insert((location, hash, Vec::new())).2.push(&problem.message);
    }
    let one = |(location, hash, messages): (Location, String, Vec<&str>)| {
        let mut text = format!("Not analysed: {}", sanitise::line(messages[0]));
        if messages.len() > 1 {
            text.push_str(&format!(" (and {} more problems here)", messages.len() - 1));
        }
        Finding {
            rule_id: ANALYSIS_INCOMPLETE.id,
            rule_index,
            level: Level::Note,
            message: message(text),
            locations: [Location { message: None, ..location }],
            related_locations: Vec::new(),
            code_flows: Vec::new(),
            partial_fingerprints: BTreeMap::from([("primaryLocationLineHash", hash)]),
            rank: 0.0,
            suppressions: Vec::new(),
            baseline_state: None,
            properties: json!({"severity": ANALYSIS_INCOMPLETE.severity.id(), "certainty": "certain"}),
        }
    };
    by_line.into_values().map(one).collect()
}

fn notification(problem: &Trouble) -> Notification {
    let level = match problem.severity {
        ProblemSeverity::Note => Level::Note,
        ProblemSeverity::Partial => Level::Warning,
        ProblemSeverity::Lost => Level::Error,
    };
    let path_only = || {
        problem.path.as_ref().map(|path| Location {
            id: None,
            physical_location: PhysicalLocation { artifact_location: artifact(path), region: None },
            logical_locations: Vec::new(),
            message: None,
        })
    };
    let place = problem.place.as_ref().and_then(|place| location(place, None)).or_else(path_only);
    Notification {
        descriptor: DescriptorReference { id: problem.code },
        level,
        message: message(sanitise::line(&problem.message)),
        locations: place.into_iter().collect(),
    }
}
