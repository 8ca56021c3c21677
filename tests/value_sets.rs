//! Value sets: which instances of a chart are scanned, and how findings name them.

mod support;

use std::path::Path;

use serde_json::Value;
use support::{repository, run};

const POD: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
    - name: app
      image: {{ .Values.image }}
      securityContext: {privileged: {{ .Values.privileged }}}
";

fn chart(more: &[(&str, &str)]) -> tempfile::TempDir {
    let usual = [
        ("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("web/values.yaml", "privileged: false\nimage: a\n"),
        ("web/templates/pod.yaml", POD),
    ];
    repository(&[&usual[..], more].concat())
}

/// Each finding of `privileged-container`: its place and its value sets.
fn privileged(directory: &Path, arguments: &[&str]) -> Vec<(String, Vec<String>)> {
    let usual = ["scan", ".", "--select", "privileged-container", "--format", "json"];
    let (code, out, err) = run(directory, &[&usual[..], arguments].concat());
    assert!(code <= 1, "{code}: {err}");
    let document: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(document["problems"], Value::Array(Vec::new()), "{arguments:?}");
    let findings = document["findings"].as_array().expect("a list").iter();
    findings
        .map(|finding| {
            let place = &finding["location"];
            let at = match place["path"].as_str() {
                Some(path) => format!("{path}:{}", place["line"]),
                None => place["text"].to_string(),
            };
            let sets = finding["value_sets"].as_array().expect("a list").iter();
            (at, sets.filter_map(|set| set.as_str().map(str::to_owned)).collect())
        })
        .collect()
}

fn one(at: &str, sets: &[&str]) -> Vec<(String, Vec<String>)> {
    vec![(at.into(), sets.iter().map(ToString::to_string).collect())]
}

#[test]
fn files_beside_a_chart_are_sets_and_one_finding_lists_them() {
    let bad = chart(&[
        ("web/values.yaml", "privileged: true\nimage: a\n"),
        ("web/values-prod.yaml", "image: b\n"),
        ("web/environments/stage.yaml", "image: c\n"),
        ("web/environments/eu/values.yaml", "image: d\n"),
        ("web/ci/small-values.yaml", "image: e\n"),
        ("web/ci/safe-values.yaml", "privileged: false\n"),
    ]);
    assert_eq!(
        privileged(bad.path(), &[]),
        one("web/values.yaml:1", &["default", "eu", "prod", "small", "stage"])
    );
    let single = chart(&[("web/values-prod.yaml", "privileged: true\n")]);
    assert_eq!(privileged(single.path(), &[]), one("web/values-prod.yaml:1", &["prod"]));
}

#[test]
fn what_is_named_replaces_what_lies_beside() {
    let files = [
        ("web/values-prod.yaml", "privileged: true\n"),
        ("web/other.yaml", "privileged: true\n"),
        ("iac-scan.yaml", "charts:\n  - path: web\n    sets: [{name: other, values: [other.yaml]}]\n"),
    ];
    let configured = chart(&files);
    assert_eq!(privileged(configured.path(), &[]), one("web/other.yaml:1", &["other"]));
    let given = chart(&files[..2]);
    assert_eq!(privileged(given.path(), &["-f", "web/other.yaml"]), one("web/other.yaml:1", &[]));
    assert_eq!(privileged(given.path(), &["-f", "web/values.yaml"]), []);
}

#[test]
fn flags_count_as_helm_counts_them() {
    let chart = chart(&[("on.txt", "true"), ("off.yaml", "privileged: false\n")]);
    let count = |arguments: &[&str]| privileged(chart.path(), arguments).len();
    assert_eq!(count(&[]), 0);
    assert_eq!(count(&["--set", "privileged=true"]), 1);
    assert_eq!(count(&["--set", "image=b,privileged=true"]), 1);
    assert_eq!(count(&["--set-json", "privileged=true"]), 1);
    assert_eq!(count(&["--set-json", r#"{"privileged": true}"#]), 1);
    assert_eq!(count(&["--set-file", "privileged=on.txt"]), 1);
    assert_eq!(count(&["--set-literal", "privileged=true"]), 1);
    assert_eq!(count(&["--set-string", "privileged=true"]), 1);
    // A flag wins over a file; of the flags, `--set` wins over `--set-json` wherever it stands.
    assert_eq!(count(&["--set", "privileged=true", "-f", "off.yaml"]), 1);
    assert_eq!(count(&["--set", "privileged=false", "--set-json", "privileged=true"]), 0);
    assert_eq!(count(&["--set-literal", "privileged=false", "--set-string", "privileged=true"]), 0);
}

#[test]
fn a_matrix_makes_a_set_of_each_combination() {
    let files = [
        ("web/env/dev.yaml", "image: b\n"),
        ("web/env/prod.yaml", "privileged: true\n"),
        ("web/region/eu.yaml", "image: c\n"),
        ("web/region/us.yaml", "image: d\n"),
    ];
    let matrix = chart(&files);
    let arguments = ["--values-matrix", "env/*.yaml", "--values-matrix", "region/*.yaml"];
    let expected = one("web/env/prod.yaml:1", &["prod+eu", "prod+us"]);
    assert_eq!(privileged(matrix.path(), &arguments), expected);
    let config = "charts:\n  - path: web\n    values-matrix: ['env/*.yaml', 'region/*.yaml']\n";
    let configured = chart(&[&files[..], &[("iac-scan.yaml", config)]].concat());
    assert_eq!(privileged(configured.path(), &[]), expected);
    let (code, _, err) = run(matrix.path(), &["--values-matrix", "env/[", "."]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn a_set_that_fails_does_not_hide_the_others() {
    let bad = chart(&[
        ("web/values-broken.yaml", "privileged: [\n"),
        ("web/values-prod.yaml", "privileged: true\n"),
    ]);
    let usual = ["scan", ".", "--select", "privileged-container", "--format", "json"];
    let (code, out, _) = run(bad.path(), &usual);
    let document: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(code, 1);
    assert_eq!(document["findings"][0]["value_sets"][0], "prod");
    assert_eq!(document["problems"].as_array().map(Vec::len), Some(1));
    assert_eq!(document["problems"][0]["location"]["path"], "web/values-broken.yaml");
    assert_eq!(document["summary"]["of"], 3);
}
