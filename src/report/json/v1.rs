//! Version 1 of our JSON, as the output contract says.

use iac_checks::{Owasp, Rule, Severity};
use serde_json::{Map, Value, json};

use crate::outcome::{
    AttackPath, Comparison, Fixed, IgnoreNote, Instance, NodeName, Outcome, PathStep, Place, Reported, State,
    Trouble,
};
use crate::paths::Cut;

/// Version of the document.
pub(crate) const VERSION: u32 = 1;

/// Starts a document of a kind: `findings`, `graph`, `paths`, `resources`, `who-can`.
pub(crate) fn document(kind: &str) -> Map<String, Value> {
    let mut document = Map::new();
    document.insert("version".into(), VERSION.into());
    document.insert("kind".into(), kind.into());
    document
}

/// The findings of a scan: what reports show, and what is ignored, in the baseline or was there before, marked by
/// `state`.
pub(crate) fn findings(outcome: &Outcome) -> Value {
    let mut document = document("findings");
    document.insert("tool".into(), json!({"name": "iac-scan", "version": env!("CARGO_PKG_VERSION")}));
    document.insert("summary".into(), summary(outcome));
    let shown = outcome.findings.iter().filter(|finding| outcome.is_wanted(finding));
    document.insert("findings".into(), shown.map(finding).collect());
    document.insert("problems".into(), problems(&outcome.problems));
    if let Some(Comparison { base, fixed }) = &outcome.comparison {
        let gone = |entry: &Fixed| {
            json!({
                "rule": entry.rule,
                "path": entry.path,
                "resource": entry.address,
                "fingerprint": entry.fingerprint,
            })
        };
        let fixed: Vec<Value> = fixed.iter().map(gone).collect();
        document.insert("diff".into(), json!({"base": base, "fixed": fixed}));
    }
    Value::Object(document)
}

fn summary(outcome: &Outcome) -> Value {
    let counts = outcome.counts();
    let mut summary = Map::new();
    for severity in Severity::ALL.iter().rev() {
        summary.insert(severity.id().into(), counts.of(*severity).into());
    }
    summary.insert("possible".into(), counts.possible.into());
    summary.insert("ignored".into(), counts.ignored.into());
    summary.insert("baselined".into(), counts.baselined.into());
    if let Some(comparison) = &outcome.comparison {
        summary.insert("unchanged".into(), counts.unchanged.into());
        summary.insert("fixed".into(), comparison.fixed.len().into());
    }
    summary.insert("analysed".into(), outcome.analysed().into());
    summary.insert("of".into(), outcome.units.len().into());
    summary.insert("min_severity".into(), outcome.shown.severity.id().into());
    summary.insert("min_confidence".into(), outcome.shown.confidence.id().into());
    Value::Object(summary)
}

fn finding(finding: &Reported) -> Value {
    json!({
        "rule": finding.rule.id,
        "owasp": risks(finding.rule),
        "severity": finding.severity.id(),
        "priority": finding.priority,
        "certainty": certainty(finding.certainty),
        "assumes": finding.assumes,
        "message": finding.message,
        "fix": finding.rule.fix(),
        "resource": finding.resource,
        "container": finding.container,
        "field": finding.field,
        "values_key": finding.values_key,
        "value_sets": finding.value_sets,
        "location": place(&finding.primary),
        "related": places(&finding.related),
        "trace": places(&finding.trace),
        "instances": finding.instances.iter().map(instance).collect::<Vec<_>>(),
        "fingerprint": finding.fingerprint,
        "state": finding.state.id(),
        "ignore": finding.ignore.as_ref().filter(|_| finding.state == State::Ignored).map(ignore),
        "path": finding.path.as_ref().map(path),
    })
}

fn instance(instance: &Instance) -> Value {
    json!({
        "resource": instance.resource,
        "container": instance.container,
        "value_sets": instance.value_sets,
        "fingerprint": instance.fingerprint,
    })
}

fn ignore(note: &IgnoreNote) -> Value {
    json!({"reason": note.reason, "location": place(&note.place)})
}

/// Ids of the OWASP risks that a rule reports.
pub(crate) fn risks(rule: &Rule) -> Vec<&'static str> {
    rule.risks().map(Owasp::id).collect()
}

/// The name of a certainty.
pub(crate) fn certainty(certainty: iac_checks::Certainty) -> &'static str {
    match certainty {
        iac_checks::Certainty::Certain => "certain",
        iac_checks::Certainty::Possible => "possible",
    }
}

/// `LOC` of the contract.
pub(crate) fn place(place: &Place) -> Value {
    let region = place.region.as_ref();
    json!({
        "path": region.map(|region| &region.path),
        "line": region.map(|region| region.start.line),
        "column": region.map(|region| region.start.column),
        "end_line": region.map(|region| region.end.line),
        "end_column": region.map(|region| region.end.column),
        "role": place.role.id(),
        "address": place.address,
        "text": place.text,
    })
}

/// A list of `LOC`.
pub(crate) fn places(all: &[Place]) -> Value {
    all.iter().map(place).collect()
}

/// `REF` of the contract.
pub(crate) fn node(node: &NodeName) -> Value {
    json!({"id": node.id, "kind": node.kind, "name": node.name, "address": node.address})
}

/// `PATH` of the contract.
pub(crate) fn path(path: &AttackPath) -> Value {
    json!({
        "id": path.id,
        "rule": path.rule,
        "severity": path.severity.id(),
        "certainty": certainty(path.certainty),
        "assumes": path.assumes,
        "from": node(&path.from),
        "to": node(&path.to),
        "entry": path.entry,
        "target": path.target,
        "admin": path.admin,
        "other_entries": path.other_entries.iter().map(node).collect::<Vec<_>>(),
        "truncated": path.truncated,
        "steps": path.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

fn step(step: &PathStep) -> Value {
    json!({
        "from": node(&step.from),
        "to": node(&step.to),
        "kind": step.kind,
        "technique": step.technique,
        "actions": step.actions,
        "certainty": certainty(step.certainty),
        "because": places(&step.because),
        "choke": step.choke,
        "text": step.text,
    })
}

/// A choke point: where to cut, what to do there, and which of `total` paths end.
pub(crate) fn cut(cut: &Cut, total: usize) -> Value {
    json!({
        "location": place(&cut.place),
        "description": cut.advice,
        "cuts": {"count": cut.paths.len(), "of": total, "paths": cut.paths},
    })
}

/// What could not be analysed.
pub(crate) fn problems(problems: &[Trouble]) -> Value {
    let one = |problem: &Trouble| {
        let path_only = || {
            problem.path.as_ref().map(|path| {
                json!({"path": path, "line": null, "column": null,
            "end_line": null, "end_column": null, "role": null, "address": null, "text": ""})
            })
        };
        json!({
            "code": problem.code,
            "message": problem.message,
            "location": problem.place.as_ref().map(place).or_else(path_only),
            "unit": problem.unit,
        })
    };
    problems.iter().map(one).collect()
}
