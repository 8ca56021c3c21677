//! `iac-scan diff` on real repositories.

mod support;

use std::path::Path;

use serde_json::Value;
use support::git::{commit, committed, git, has};
use support::{repository, run};

const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.0.0\n";
const VALUES: &str = "privileged: false\nhostNetwork: true\n";
const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  hostNetwork: {{ .Values.hostNetwork }}
  containers:
    - name: web
      image: registry.example/web:1.2.3
      securityContext:
        privileged: {{ .Values.privileged }}
";

fn write(directory: &Path, path: &str, text: &str) {
    std::fs::create_dir_all(directory.join(path).parent().expect("it has one")).expect("made");
    std::fs::write(directory.join(path), text).expect("written");
}

fn web() -> tempfile::TempDir {
    committed(&[
        ("charts/web/Chart.yaml", CHART),
        ("charts/web/values.yaml", VALUES),
        ("charts/web/templates/pod.yaml", POD),
    ])
}

/// The rules of the findings in a state, sorted.
fn rules(report: &Value, state: &str) -> Vec<String> {
    let findings = report["findings"].as_array().expect("it has findings");
    let of_state = findings.iter().filter(|finding| finding["state"] == state);
    let mut rules: Vec<String> =
        of_state.map(|finding| finding["rule"].as_str().expect("it has a rule").to_owned()).collect();
    rules.sort();
    rules
}

fn diff(directory: &Path, arguments: &[&str]) -> (i32, Value) {
    let all = [&["diff", "--format", "json", "-q"], arguments].concat();
    let (code, stdout, stderr) = run(directory, &all);
    (code, serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stderr}")))
}

#[test]
fn a_changed_value_shows_what_is_new_what_stays_and_what_is_fixed() {
    if !has(&["git"]) {
        return;
    }
    let directory = web();
    let root = directory.path();
    let (code, same) = diff(root, &["HEAD"]);
    assert_eq!((code, rules(&same, "new")), (0, Vec::new()), "nothing changed");
    let before = rules(&same, "unchanged");
    assert!(before.contains(&"host-network".to_owned()), "{before:?}");

    // A comment above moves lines and changes nothing.
    write(root, "charts/web/values.yaml", "# values\nprivileged: true\nhostNetwork: false\n");
    let (code, changed) = diff(root, &["HEAD"]);
    assert_eq!(code, 1);
    assert!(rules(&changed, "new").contains(&"privileged-container".to_owned()));
    assert!(!rules(&changed, "unchanged").contains(&"host-network".to_owned()));
    assert!(rules(&changed, "unchanged").contains(&"missing-memory-limit".to_owned()));
    let fixed: Vec<&str> = changed["diff"]["fixed"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|entry| entry["rule"].as_str())
        .collect();
    assert!(fixed.contains(&"host-network"), "{fixed:?}");
    assert_eq!(changed["diff"]["base"], "HEAD");

    // Two revisions give what the files as they are gave.
    commit(root);
    write(root, "charts/web/values.yaml", "not: looked at\n");
    let (code, revisions) = diff(root, &["HEAD~1", "HEAD", "--", "charts"]);
    assert_eq!(code, 1);
    assert_eq!(rules(&revisions, "new"), rules(&changed, "new"));
    assert_eq!(revisions["diff"]["fixed"], changed["diff"]["fixed"]);
}

#[test]
fn only_reports_that_are_the_whole_truth_have_what_stays() {
    if !has(&["git"]) {
        return;
    }
    let directory = web();
    let root = directory.path();
    write(root, "charts/web/values.yaml", "privileged: true\nhostNetwork: true\n");
    let (_, sarif, _) = run(root, &["diff", "HEAD", "--format", "sarif", "-q"]);
    let sarif: Value = serde_json::from_str(&sarif).expect("it is JSON");
    assert_eq!(support::sarif::faults(&sarif, root), [""; 0]);
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let state =
        |rule: &str| results.iter().find(|result| result["ruleId"] == rule).map(|one| &one["baselineState"]);
    assert_eq!(state("privileged-container"), Some(&Value::from("new")));
    assert_eq!(state("host-network"), Some(&Value::from("unchanged")));
    assert!(results.iter().all(|result| result.get("suppressions").is_none()));

    for format in ["concise", "human", "github", "markdown"] {
        let (code, text, stderr) = run(root, &["diff", "HEAD", "--format", format]);
        assert_eq!(code, 1, "{format}");
        assert!(text.contains("privileged-container"), "{format}: {text}");
        assert!(!text.contains("host-network"), "{format}: {text}");
        assert!(stderr.contains("new findings since HEAD: 1 critical"), "{stderr}");
    }
    let (_, markdown, _) = run(root, &["diff", "HEAD", "--format", "markdown", "-q"]);
    assert!(markdown.contains("| unchanged | fixed |") && markdown.contains("New findings"), "{markdown}");
}

#[test]
fn a_changed_module_shows_where_it_is_called() {
    if !has(&["git"]) {
        return;
    }
    let module = |cidr: &str| {
        format!(
            "resource \"aws_security_group\" \"this\" {{\n  ingress {{\n    from_port   = 22\n    to_port     = 22\n    \
             protocol    = \"tcp\"\n    cidr_blocks = [\"{cidr}\"]\n  }}\n}}\n"
        )
    };
    let directory = committed(&[
        ("main.tf", "provider \"aws\" {}\nmodule \"ssh\" {\n  source = \"./modules/ssh\"\n}\n"),
        ("modules/ssh/main.tf", &module("10.0.0.0/8")),
    ]);
    let root = directory.path();
    write(root, "modules/ssh/main.tf", &module("0.0.0.0/0"));
    let (_, report) = diff(root, &["HEAD", "--fail-on", "never"]);
    assert!(rules(&report, "new").contains(&"sg-open-ssh".to_owned()), "{report:#}");
}

#[test]
fn dependencies_that_are_not_under_version_control_count_for_both_states() {
    if !has(&["git"]) {
        return;
    }
    let directory = committed(&[
        (".gitignore", "charts/web/charts\n"),
        (
            "charts/web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n- {name: db, version: 1.0.0, repository: 'https://charts.example.org'}\n",
        ),
        ("charts/web/values.yaml", "db: {hostNetwork: true, privileged: true}\n"),
    ]);
    let root = directory.path();
    write(root, "charts/web/charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.0\n");
    write(root, "charts/web/charts/db/templates/pod.yaml", POD);
    let (code, report) = diff(root, &["HEAD"]);
    assert_eq!((code, rules(&report, "new")), (0, Vec::new()));
    assert!(rules(&report, "unchanged").contains(&"privileged-container".to_owned()), "{report:#}");
}

#[test]
fn a_baseline_stays_a_baseline() {
    if !has(&["git"]) {
        return;
    }
    let directory = web();
    let root = directory.path();
    let (code, _, stderr) = run(root, &["baseline", "write"]);
    assert_eq!(code, 0, "{stderr}");
    write(root, "charts/web/values.yaml", "privileged: true\nhostNetwork: true\n");
    let (_, report) = diff(root, &["HEAD"]);
    assert!(rules(&report, "baselined").contains(&"host-network".to_owned()));
    assert_eq!(rules(&report, "unchanged"), Vec::<String>::new());
    assert_eq!(rules(&report, "new"), ["privileged-container"]);
}

#[test]
fn what_is_no_revision_is_wrong_use() {
    if !has(&["git"]) {
        return;
    }
    let directory = web();
    for revision in ["no-such-branch", "HEAD~7"] {
        let (code, stdout, stderr) = run(directory.path(), &["diff", revision]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(revision), "{stderr}");
    }
    // Nothing was there before.
    git(directory.path(), &["checkout", "--quiet", "--orphan", "empty"]);
    git(directory.path(), &["rm", "--quiet", "-r", "--cached", "."]);
    git(directory.path(), &["commit", "--quiet", "--allow-empty", "--message", "nothing"]);
    let (_, report) = diff(directory.path(), &["HEAD"]);
    assert!(rules(&report, "new").contains(&"host-network".to_owned()));
    assert_eq!(rules(&report, "unchanged"), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn links_of_an_old_state_lead_nowhere() {
    if !has(&["git"]) {
        return;
    }
    let outside = tempfile::tempdir().expect("a directory");
    write(outside.path(), "values.yaml", "privileged: true\n");
    let directory = web();
    let values = directory.path().join("charts/web/values.yaml");
    std::fs::remove_file(&values).expect("it was there");
    std::os::unix::fs::symlink(outside.path().join("values.yaml"), &values).expect("made");
    commit(directory.path());
    std::fs::remove_file(&values).expect("it was there");
    write(directory.path(), "charts/web/values.yaml", VALUES);
    let (_, report) = diff(directory.path(), &["HEAD"]);
    let fixed = report["diff"]["fixed"].to_string();
    assert!(!fixed.contains("privileged-container"), "{fixed}");
}

#[test]
fn a_report_of_an_earlier_scan_is_a_base() {
    let directory = repository(&[
        ("charts/web/Chart.yaml", CHART),
        ("charts/web/values.yaml", VALUES),
        ("charts/web/templates/pod.yaml", POD),
    ]);
    let root = directory.path();
    run(root, &["scan", "-q", "--output", "json=before.json"]);
    let (code, same) = diff(root, &["before.json"]);
    assert_eq!((code, rules(&same, "new")), (0, Vec::new()));
    write(root, "charts/web/values.yaml", "privileged: true\nhostNetwork: false\n");
    let (code, changed) = diff(root, &["before.json"]);
    assert_eq!(code, 1);
    assert!(rules(&changed, "new").contains(&"privileged-container".to_owned()));
    assert!(changed["diff"]["fixed"].to_string().contains("host-network"));
    write(root, "other.json", "{\"version\": 1, \"kind\": \"graph\"}");
    assert_eq!(run(root, &["diff", "other.json"]).0, 2);
}
