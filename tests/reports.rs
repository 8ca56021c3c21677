//! Every form of report, over one small outcome that has everything.

use iac_checks::{Certainty, Owasp, Persona, Rule, Severity};
use iac_model::{FileKind, Problem, ProblemSeverity, Residence, Sources, Span, Unit, UnitKind, UnitState};
use iac_scan::fingerprint::line_hashes;
use iac_scan::outcome::{
    AttackPath, IgnoreNote, Instance, NodeName, Outcome, PathStep, Place, PlaceRole, Region, Reported, State,
    Trouble,
};
use iac_scan::report::{self, Format, Settings};

static PRIVILEGED: Rule = Rule {
    id: "privileged-container",
    aliases: &[],
    owasp: Some(Owasp::K01),
    also: &[],
    severity: Severity::Critical,
    persona: Persona::Default,
    title: "container runs privileged",
    doc: " A privileged container has every capability of its node.\n\n ## Why it matters\n It is the node.\n\n ## How to fix\n Drop `privileged: true`.\n\n ## References\n - https://kubernetes.io/docs/concepts/security/\n",
    tags: &["cis-5.2.2"],
    file: "",
};

const VALUES: &str = "replicas: 2\nsecurityContext:\n  privileged: true\n";
const TEMPLATE: &str = "kind: Deployment\nspec:\n  securityContext:\n    {{- toYaml .Values.securityContext | nindent 4 }}\n  # \u{1b}[2Jcleared\n";

fn region(sources: &Sources, path: &str, needle: &str) -> Region {
    let (id, file) = sources.iter().find(|(_, file)| file.path == path).expect("the file is there");
    let start = file.as_str().and_then(|text| text.find(needle)).expect("the text is there");
    let span = Span::new(id, start, start + needle.len());
    let (start, end) = (file.position(span.start), file.position(span.end));
    Region { path: path.into(), start, end, span: Some(span) }
}

fn place(sources: &Sources, path: &str, needle: &str, role: PlaceRole, text: &str) -> Place {
    Place { region: Some(region(sources, path, needle)), role, address: None, text: text.into() }
}

fn node(address: &str, kind: &'static str) -> NodeName {
    NodeName { id: address.into(), kind, name: address.into(), address: address.into() }
}

fn instance(resource: &str) -> Instance {
    Instance {
        resource: resource.into(),
        container: Some("app".into()),
        value_sets: vec!["prod".into()],
        fingerprint: "0123456789abcdef".into(),
    }
}

/// One finding about values, one attack path, one that is only possible, one that is ignored, two problems.
fn outcome() -> Outcome {
    let sources = Sources::default();
    sources.add("charts/web/values.yaml", FileKind::Values, Residence::Disk, VALUES.as_bytes());
    sources.add("charts/web/templates/d.yaml", FileKind::Template, Residence::Disk, TEMPLATE.as_bytes());
    let key =
        place(&sources, "charts/web/values.yaml", "privileged: true", PlaceRole::Values, "privileged here");
    let action = "{{- toYaml .Values.securityContext | nindent 4 }}";
    let template =
        place(&sources, "charts/web/templates/d.yaml", action, PlaceRole::Template, "the template uses it");
    let hostile = place(
        &sources,
        "charts/web/templates/d.yaml",
        "# \u{1b}[2Jcleared",
        PlaceRole::Template,
        "\u{1b}]0;x\u{7}",
    );
    let privileged = Reported {
        rule: &PRIVILEGED,
        severity: Severity::Critical,
        certainty: Certainty::Certain,
        assumes: Vec::new(),
        priority: 91,
        message: "container app of Deployment/shop/web runs privileged".into(),
        resource: Some("Deployment/shop/web".into()),
        container: Some("app".into()),
        field: Some("spec.securityContext.privileged".into()),
        values_key: Some("securityContext.privileged".into()),
        value_sets: vec!["prod".into()],
        instances: vec![instance("Deployment/shop/web"), instance("Deployment/shop/job")],
        primary: key.clone(),
        related: vec![template.clone()],
        trace: vec![key.clone(), template.clone()],
        path: None,
        fingerprint: "0123456789abcdef".into(),
        line_hash: line_hashes(VALUES)[2].clone(),
        state: State::New,
        ignore: None,
    };
    let step = |from: &NodeName, to: &NodeName, kind, text: &str, choke| PathStep {
        from: from.clone(),
        to: to.clone(),
        kind,
        technique: None,
        actions: Vec::new(),
        certainty: Certainty::Certain,
        because: vec![template.clone()],
        choke,
        text: text.into(),
    };
    let (internet, web) = (node("internet", "Internet"), node("Deployment/shop/web", "Workload"));
    let role = node("aws_iam_role.node[\"a\"]", "IamRole");
    let path = AttackPath {
        id: "p-3f9a".into(),
        rule: Some(PRIVILEGED.id),
        severity: Severity::Critical,
        certainty: Certainty::Certain,
        assumes: Vec::new(),
        from: internet.clone(),
        to: role.clone(),
        entry: "internet".into(),
        target: Some("cloud-admin".into()),
        admin: true,
        other_entries: Vec::new(),
        truncated: false,
        steps: vec![
            step(&internet, &web, "exploit-service", "internet reaches Deployment/shop/web", false),
            step(&web, &role, "imds", "pod reaches node credentials", true),
        ],
    };
    let on_path = Reported {
        path: Some(path),
        message: "the internet reaches <a cloud role> | 100%\n::error::forged".into(),
        ..privileged.clone()
    };
    let possible = Reported {
        certainty: Certainty::Possible,
        message: "may be privileged\u{1b}[31m".into(),
        related: vec![hostile],
        ..privileged.clone()
    };
    let ignored = Reported {
        state: State::Ignored,
        ignore: Some(IgnoreNote { reason: "node agent".into(), place: key }),
        ..privileged.clone()
    };
    let problem =
        Problem::new("chart-dependency-missing", ProblemSeverity::Lost, "dependency redis is not there");
    let unit = |path: &str, state| Unit {
        kind: UnitKind::Chart,
        path: path.into(),
        instance: None,
        installer: None,
        state,
    };
    let trouble = |place, path| Trouble {
        code: problem.code,
        severity: problem.severity,
        message: problem.message.clone(),
        place,
        path,
        unit: Some("charts/db".into()),
    };
    Outcome {
        findings: vec![privileged, on_path, possible, ignored],
        problems: vec![trouble(Some(template), None), trouble(None, Some("charts/db/x.yaml".into()))],
        units: vec![unit("charts/web", UnitState::Analysed), unit("charts/db", UnitState::Lost)],
        sources,
        ..Outcome::default()
    }
}

/// As [`outcome`], with everything shown.
fn everything() -> Outcome {
    let mut outcome = outcome();
    outcome.shown.confidence = iac_scan::outcome::Confidence::Low;
    outcome.shown.ignored = true;
    outcome
}

fn written(format: Format, outcome: &Outcome, settings: &Settings) -> String {
    let mut bytes = Vec::new();
    report::write(format, outcome, settings, &mut bytes).expect("a vector takes everything");
    String::from_utf8(bytes).expect("reports are UTF-8")
}

#[test]
fn each_format_has_its_snapshot() {
    for format in Format::ALL {
        if format != Format::Sarif {
            insta::assert_snapshot!(format.id(), written(format, &everything(), &Settings::default()));
        }
    }
}

#[test]
fn sarif_has_its_snapshot_and_obeys_the_schema() {
    let schema = std::fs::read_to_string("testdata/sarif/sarif-2.1.0.json").expect("the schema is committed");
    let schema = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for suppressed in [false, true] {
        let settings = Settings { suppressed, ..Settings::default() };
        let text = written(Format::Sarif, &everything(), &settings);
        let mut log: serde_json::Value = serde_json::from_str(&text).expect("SARIF is JSON");
        let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        let results = log["runs"][0]["results"].as_array().expect("results are a list");
        let states = results.iter().filter(|result| result.get("suppressions").is_some()).count();
        assert_eq!(states, usize::from(suppressed), "suppressed results are left out unless asked for");
        if suppressed {
            log["runs"][0]["tool"]["driver"]["rules"] = "left out".into();
            log["runs"][0]["tool"]["driver"]["semanticVersion"] = "left out".into();
            for result in log["runs"][0]["results"].as_array_mut().expect("results are a list") {
                result["ruleIndex"] = "left out".into();
            }
            let pretty = serde_json::to_string_pretty(&log).expect("it is JSON");
            insta::assert_snapshot!("sarif", pretty);
        }
    }
}

#[test]
fn sarif_without_findings_has_rules_and_empty_results() {
    let text = written(Format::Sarif, &Outcome::default(), &Settings::default());
    let log: serde_json::Value = serde_json::from_str(&text).expect("SARIF is JSON");
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules are a list");
    let mut ids: Vec<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert!(ids.contains(&"analysis-incomplete"));
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "each rule stands once");
    for rule in rules {
        let severity = &rule["properties"]["security-severity"];
        assert!(severity.is_string() || severity.is_null(), "GitHub refuses a number: {rule}");
        for text in ["shortDescription", "fullDescription"] {
            assert!(rule[text]["text"].as_str().is_some_and(|text| text.chars().count() <= 1024), "{rule}");
        }
    }
}

#[test]
fn hostile_text_reaches_no_report_for_people() {
    for format in Format::ALL.into_iter().filter(|format| !matches!(format, Format::Json | Format::Sarif)) {
        let text = written(format, &everything(), &Settings::default());
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{}: {text:?}", format.id());
        assert!(!text.lines().any(|line| line.starts_with("::error::forged")), "{}", format.id());
    }
}

static SECRET: Rule = Rule { id: "secret-in-values", tags: &["secret-value"], ..PRIVILEGED };

#[test]
fn secrets_are_shown_only_when_asked_for() {
    let mut outcome = outcome();
    outcome.findings.truncate(1);
    outcome.findings[0].rule = &SECRET;
    outcome.findings[0].related.clear();
    outcome.findings[0].trace.clear();
    let hidden = written(Format::Human, &outcome, &Settings::default());
    assert!(hidden.contains("privileged: ****") && !hidden.contains("privileged: true\n"), "{hidden}");
    let shown = written(Format::Human, &outcome, &Settings { secrets: true, ..Settings::default() });
    assert!(shown.contains("privileged: true\n"), "{shown}");
    let page = written(Format::Html, &outcome, &Settings::default());
    assert!(page.contains("<pre>  privileged: ****</pre>"), "{page}");
}

#[test]
fn colours_and_links_are_only_written_when_asked_for() {
    let plain = written(Format::Human, &outcome(), &Settings::default());
    let painted =
        written(Format::Human, &outcome(), &Settings { color: true, links: true, ..Settings::default() });
    assert!(!plain.contains('\u{1b}'));
    assert!(
        painted
            .contains("\u{1b}]8;;https://kubernetes.io/docs/concepts/security/\u{1b}\\privileged-container")
    );
    let bare = painted.replace("\u{1b}]8;;https://kubernetes.io/docs/concepts/security/\u{1b}\\", "");
    let bare = bare.replace("\u{1b}]8;;\u{1b}\\", "");
    let mut stripped = String::new();
    let mut rest = bare.as_str();
    while let Some(at) = rest.find('\u{1b}') {
        stripped.push_str(&rest[..at]);
        rest = rest[at..].split_once('m').map_or("", |(_, rest)| rest);
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
}

#[test]
fn a_report_that_github_would_refuse_is_cut_and_says_so() {
    let mut outcome = outcome();
    let one = outcome.findings[0].clone();
    outcome.findings = vec![one; 5_100];
    let text = written(Format::Sarif, &outcome, &Settings::default());
    let log: serde_json::Value = serde_json::from_str(&text).expect("SARIF is JSON");
    assert_eq!(log["runs"][0]["results"].as_array().map(Vec::len), Some(5_000));
    let notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(notes.contains("101 of 5101 results are left out"), "{notes}");
}
