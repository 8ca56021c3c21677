//! The program from outside: exit codes, streams, files.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;

use support::{repository, run, sarif};

const PRIVILEGED: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  containers:\n    - name: app\n      image: registry.example.com/app@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n      securityContext:\n        privileged: true\n";

fn privileged() -> tempfile::TempDir {
    repository(&[("pod.yaml", PRIVILEGED)])
}

const ONLY: [&str; 2] = ["--select", "privileged-container"];

#[test]
fn each_exit_code_has_its_cause() {
    let bad = privileged();
    let code = |directory: &Path, arguments: &[&str]| run(directory, arguments).0;
    assert_eq!(code(bad.path(), &[]), 1, "findings");
    assert_eq!(code(bad.path(), &["--exit-zero"]), 0, "exit zero");
    assert_eq!(code(bad.path(), &["--fail-on", "never"]), 0, "nothing fails");
    assert_eq!(code(bad.path(), &["--ignore", "K01,K02,K03,K04,K05,K06,K07,K08,K09,K10"]), 0, "no rule");
    assert_eq!(code(bad.path(), &["--no-such-flag"]), 2, "unknown flag");
    assert_eq!(code(bad.path(), &["--select", "no-such-rule"]), 2, "unknown rule");
    assert_eq!(code(bad.path(), &["--output", "json=no/such/directory/x"]), 2, "output not writable");
    assert_eq!(code(bad.path(), &["--baseline", "missing.json"]), 2, "unreadable baseline");
    assert_eq!(code(bad.path(), &["no-such-path"]), 3, "mistyped path");
    let empty = repository(&[("README.md", "nothing")]);
    assert_eq!(code(empty.path(), &[]), 3, "nothing to scan");
    let broken = repository(&[("broken.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: [\n")]);
    assert_eq!(code(broken.path(), &[]), 0, "incomplete");
    assert_eq!(code(broken.path(), &["--strict"]), 4, "incomplete and strict");
    let both =
        repository(&[("pod.yaml", PRIVILEGED), ("broken.yaml", "apiVersion: v1\nkind: Pod\nx: {a: [\n")]);
    assert_eq!(code(both.path(), &["--strict"]), 1, "findings go before incomplete");
}

#[test]
fn the_exit_code_does_not_depend_on_the_format() {
    let bad = privileged();
    for format in ["human", "concise", "json", "sarif", "markdown", "html", "github", "gitlab", "junit"] {
        assert_eq!(run(bad.path(), &["--format", format]).0, 1, "{format}");
    }
}

#[test]
fn stdout_carries_only_the_report() {
    let bad = privileged();
    let (_, out, err) = run(bad.path(), &["--format", "json"]);
    let report: Value = serde_json::from_str(&out).expect("stdout is the report and nothing else");
    assert_eq!(report["kind"], "findings");
    assert!(err.contains("analysed 1 of 1"), "{err}");
    let (_, out, err) = run(bad.path(), &["-q", "--format", "concise", "--select", "privileged-container"]);
    assert_eq!(err, "");
    assert!(out.starts_with("pod.yaml:11:9: critical[privileged-container]"), "{out}");
    assert_eq!(run(bad.path(), &["-qq"]), (1, String::new(), String::new()));
}

#[test]
fn paths_are_relative_to_the_repository_from_any_directory() {
    let bad = repository(&[("a/b/pod.yaml", PRIVILEGED)]);
    let arguments = ["--format", "concise", "--select", "privileged-container", "-q"];
    let (_, from_root, _) = run(bad.path(), &arguments);
    let (_, from_below, _) = run(&bad.path().join("a/b"), &arguments);
    assert_eq!(from_root, from_below);
    assert!(from_root.starts_with("a/b/pod.yaml:11:9: "), "{from_root}");
}

#[test]
fn several_reports_are_written_in_one_run() {
    let bad = privileged();
    let (code, out, _) =
        run(bad.path(), &["-o", "sarif=out.sarif", "-o", "json=out.json", "-o", "concise=-"]);
    assert_eq!(code, 1);
    assert!(out.contains("critical[privileged-container]"));
    for file in ["out.sarif", "out.json"] {
        let text = fs::read_to_string(bad.path().join(file)).expect("it was written");
        serde_json::from_str::<Value>(&text).expect("it is JSON");
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let files: Vec<(String, String)> = (0..20)
        .map(|n| (format!("{n}.yaml"), PRIVILEGED.replace("name: web", &format!("name: web{n}"))))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let bad = repository(&files);
    for format in ["human", "json", "sarif", "markdown"] {
        let one = run(bad.path(), &["--format", format, "--jobs", "1"]).1;
        let two = run(bad.path(), &["--format", format, "--jobs", "2"]).1;
        assert!(one == two, "{format}");
    }
}

#[test]
fn hostile_text_never_reaches_the_terminal() {
    let text = PRIVILEGED.replace("privileged: true", "privileged: true # \u{202e}\u{200b}");
    let text = text.replace("name: app", "name: \"app\\e]0;title\\a\"");
    let bad = repository(&[("pod.yaml", &text)]);
    for format in ["human", "concise", "markdown", "github"] {
        let (_, out, err) = run(bad.path(), &["--format", format, "--color", "never"]);
        assert!(out.contains("privileged-container"), "{format}");
        for stream in [out, err] {
            assert!(!stream.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{200b}']), "{format}: {stream:?}");
        }
    }
}

#[test]
fn every_location_is_an_existing_line_and_sarif_obeys_its_schema() {
    let bad =
        repository(&[("pod.yaml", PRIVILEGED), ("broken.yaml", "apiVersion: v1\nkind: Pod\nx: {a: [\n")]);
    let (_, out, _) = run(bad.path(), &["--format", "sarif", "--min-severity", "info", "--possible"]);
    let log: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(sarif::faults(&log, bad.path()), Vec::<String>::new());
    assert!(sarif::places(&log) > 1);
}

#[test]
fn what_was_not_analysed_is_named_with_its_reason() {
    let call = |source: &str| format!("module \"a\" {{\n  source = \"{source}\"\n}}\n");
    let (one, two) = (call("example/one/aws"), call("example/two/aws"));
    let bad = repository(&[("a/main.tf", &one), ("b/main.tf", &two), ("pod.yaml", PRIVILEGED)]);
    let errors = run(bad.path(), &["--exit-zero"]).2;
    assert!(errors.contains("a and 1 other: module source \"example/one/aws\""), "{errors}");
    let errors = run(bad.path(), &["--exit-zero", "-v"]).2;
    assert!(errors.contains(": a: module source \"example/one/aws\""), "{errors}");
    assert!(errors.contains(": b: module source \"example/two/aws\""), "{errors}");
}

#[test]
fn ignores_hide_and_are_audited() {
    let ignored = PRIVILEGED
        .replace("privileged: true", "privileged: true # iac-scan: ignore[privileged-container] agent");
    let repo = repository(&[("pod.yaml", &ignored)]);
    let (code, out, err) = run(repo.path(), &ONLY);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("1 ignored"), "{err}");
    assert_eq!(run(repo.path(), &["--no-ignores", ONLY[0], ONLY[1]]).0, 1);
    let (_, json, _) = run(repo.path(), &["--format", "json", ONLY[0], ONLY[1]]);
    let json: Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(json["findings"][0]["state"], "ignored");
    assert_eq!(json["findings"][0]["ignore"]["reason"], "agent");

    let expired = ignored.replace("] agent", "] until=2026-01-31 agent");
    let repo = repository(&[("pod.yaml", &expired)]);
    let select =
        ["--select", "privileged-container,expired-ignore,unused-ignore", "--format", "concise", "-q"];
    let (code, out, _) = run(repo.path(), &[&select[..], &["--as-of", "2026-02-01"]].concat());
    assert_eq!(code, 1);
    assert!(out.contains("critical[privileged-container]") && out.contains("[expired-ignore]"), "{out}");
    assert_eq!(run(repo.path(), &[&select[..], &["--as-of", "2026-01-31"]].concat()).1, "");

    let unused = PRIVILEGED
        .replace("privileged: true", "privileged: false # iac-scan: ignore[privileged-container] x");
    let repo = repository(&[("pod.yaml", &unused)]);
    let (_, out, _) = run(repo.path(), &select);
    assert!(out.starts_with("pod.yaml:11:27: low[unused-ignore]"), "{out}");

    let invalid =
        PRIVILEGED.replace("privileged: true", "privileged: true # iac-scan: ignore[privilegd-container] x");
    let repo = repository(&[("pod.yaml", &invalid)]);
    let (_, out, _) = run(repo.path(), &["--select", "invalid-ignore", "--format", "concise", "-q"]);
    assert!(out.contains("is `privileged-container` meant?"), "{out}");
}

#[test]
fn annotations_and_the_configuration_can_ignore() {
    let annotated = PRIVILEGED.replace(
        "  namespace: shop\n",
        "  namespace: shop\n  annotations: {ignore.iac-scan.dev/privileged-container: \"node agent\"}\n",
    );
    let repo = repository(&[("pod.yaml", &annotated)]);
    assert_eq!(run(repo.path(), &ONLY).0, 0);
    let config =
        "ignores:\n  - rules: [privileged-container]\n    resources: [Pod/shop/*]\n    reason: node agent\n";
    let repo = repository(&[("pod.yaml", PRIVILEGED), ("iac-scan.yaml", config)]);
    assert_eq!(run(repo.path(), &ONLY).0, 0);
    assert_eq!(run(repo.path(), &["--no-config", ONLY[0], ONLY[1]]).0, 1);
    let other = config.replace("Pod/shop/*", "Pod/other/*");
    let repo = repository(&[("pod.yaml", PRIVILEGED), ("iac-scan.yaml", &other)]);
    let select = ["--select", "privileged-container,unused-ignore", "--format", "concise", "-q"];
    let (code, out, _) = run(repo.path(), &select);
    assert_eq!(code, 1);
    assert!(out.contains("iac-scan.yaml:2:5: low[unused-ignore]"), "{out}");
}

#[test]
fn the_configuration_is_found_upwards_and_slips_are_errors() {
    let repo = repository(&[("a/pod.yaml", PRIVILEGED), (".github/iac-scan.yaml", "fail-on: never\n")]);
    assert_eq!(run(&repo.path().join("a"), &ONLY).0, 0);
    assert_eq!(run(&repo.path().join("a"), &["--fail-on", "high", ONLY[0], ONLY[1]]).0, 1, "a flag wins");
    let repo = repository(&[("pod.yaml", PRIVILEGED), ("iac-scan.yaml", "fail-onn: never\n")]);
    let (code, _, err) = run(repo.path(), &[]);
    assert_eq!(code, 2);
    assert!(err.contains("is `fail-on` meant?"), "{err}");
}

#[test]
fn a_baseline_lets_only_new_findings_fail() {
    let repo = privileged();
    let rules = ["--select", "privileged-container"];
    let (code, _, err) = run(repo.path(), &[&["baseline", "write"], &rules[..]].concat());
    assert_eq!(code, 0, "{err}");
    let path = repo.path().join("iac-scan-baseline.json");
    let before = fs::read_to_string(&path).expect("it was written");
    assert_eq!(before.lines().count(), 3, "{before}");
    let (code, out, err) = run(repo.path(), &rules);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.contains("1 in the baseline"), "{err}");
    fs::write(repo.path().join("pod.yaml"), format!("# moved\n\n{PRIVILEGED}")).expect("written");
    assert_eq!(run(repo.path(), &rules).0, 0, "moved lines are known");
    fs::write(repo.path().join("new.yaml"), PRIVILEGED.replace("name: web", "name: new")).expect("written");
    assert_eq!(run(repo.path(), &rules).0, 1, "a new one fails");
    assert_eq!(run(repo.path(), &[&["baseline", "update"], &rules[..]].concat()).0, 0);
    assert_eq!(run(repo.path(), &rules).0, 0);
    fs::remove_file(repo.path().join("new.yaml")).expect("removed");
    assert_eq!(run(repo.path(), &[&["baseline", "prune"], &rules[..]].concat()).0, 0);
    assert_eq!(fs::read_to_string(&path).expect("it is there"), before);
}

#[test]
fn rules_are_listed_and_explained() {
    let repo = privileged();
    let (code, out, _) = run(repo.path(), &["rules", "--format", "json"]);
    let rules: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!((code, rules["kind"].as_str()), (0, Some("rules")));
    let (code, out, _) = run(repo.path(), &["explain", "privileged-container"]);
    assert!(code == 0 && out.contains("## How to fix"), "{out}");
    let (code, _, err) = run(repo.path(), &["explain", "privileged-contaner"]);
    assert!(code == 2 && err.contains("is `privileged-container` meant?"), "{err}");
    assert_eq!(run(repo.path(), &["config", "show"]).0, 0);
    assert_eq!(run(repo.path(), &["--version"]).0, 0);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    use std::io::Read;
    use std::process::{Command, Stdio};
    let files: Vec<(String, String)> = (0..300)
        .map(|n| (format!("{n}.yaml"), PRIVILEGED.replace("name: web", &format!("name: web{n}"))))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let repo = repository(&files);
    let mut child = Command::new(env!("CARGO_BIN_EXE_iac-scan"))
        .current_dir(repo.path())
        .args(["--format", "json", "-q"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().expect("it is piped").read_to_string(&mut said).expect("it is UTF-8");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert_eq!(said, "");
}

#[test]
fn resources_are_listed_without_their_secrets() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\nstringData: {password: hunter2}\n";
    let repo = repository(&[("pod.yaml", PRIVILEGED), ("secret.yaml", secret)]);
    let (code, out, _) = run(repo.path(), &["resources", "--format", "json"]);
    let json: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!((code, json["kind"].as_str()), (0, Some("resources")));
    let pod = &json["resources"][0];
    assert_eq!((pod["address"].as_str(), pod["type"].as_str()), (Some("Pod/shop/web"), Some("v1/Pod")));
    assert_eq!(pod["body"]["spec"]["containers"][0]["securityContext"]["privileged"], true);
    assert_eq!(pod["location"]["line"], 2);
    assert!(!out.contains("hunter2"));
    assert!(run(repo.path(), &["resources", "--format", "json", "--show-secrets"]).1.contains("hunter2"));
}

#[test]
fn the_graph_and_its_paths_are_printed() {
    let repo = privileged();
    let (code, out, _) = run(repo.path(), &["graph"]);
    let json: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!((code, json["kind"].as_str()), (0, Some("graph")));
    let edges = json["edges"].as_array().expect("a list");
    let escape = edges.iter().find(|edge| edge["kind"] == "escape-privileged").expect("it breaks out");
    assert_eq!(escape["from"]["address"], "Pod/shop/web");
    assert_eq!(escape["because"][0]["line"], 11);
    assert!(run(repo.path(), &["graph", "--format", "mermaid"]).1.starts_with("flowchart LR\n"));
    let between = ["--between", "Pod/shop/web", "node", "--between", "internet", "Pod/no/such"];
    let (code, out, _) = run(repo.path(), &[&["paths", "--format", "json"], &between[..]].concat());
    let json: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!((code, json["kind"].as_str()), (0, Some("paths")));
    let steps = &json["between"][0]["paths"][0]["steps"];
    assert_eq!(
        (steps[0]["kind"].as_str(), steps[0]["to"]["address"].as_str()),
        (Some("escape-privileged"), Some("node"))
    );
    assert_eq!(json["between"][1]["paths"], serde_json::json!([]));
    assert_eq!(json["problems"][0]["code"], "unknown-address");
}

#[test]
fn a_line_is_traced_to_the_fields_it_makes() {
    let repo = privileged();
    let (code, out, _) = run(repo.path(), &["trace", "pod.yaml:11"]);
    assert_eq!(code, 0);
    assert!(
        out.starts_with("Pod/shop/web spec.containers[0].securityContext.privileged\n    pod.yaml:11:9"),
        "{out}"
    );
    assert_eq!(run(repo.path(), &["trace", "pod.yaml"]).0, 2);
    assert_eq!(run(repo.path(), &["trace", "pod.yaml:999"]).0, 3);
}

#[test]
fn who_can_names_subjects_and_their_bindings() {
    let rbac = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: reader, namespace: shop}\nrules:\n  - {apiGroups: [\"\"], resources: [secrets], verbs: [get]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: reads, namespace: shop}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}\nsubjects:\n  - {kind: User, name: jane, apiGroup: rbac.authorization.k8s.io}\n";
    let repo = repository(&[("rbac.yaml", rbac)]);
    let (code, out, _) = run(repo.path(), &["who-can", "get", "secrets", "-n", "shop", "--format", "json"]);
    let json: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!((code, json["kind"].as_str()), (0, Some("who-can")));
    let subject = &json["subjects"][0];
    assert_eq!(subject["subject"]["address"], "User/jane");
    assert_eq!(subject["scope"], "namespace");
    assert_eq!(subject["via"][0]["address"], "RoleBinding/shop/reads");
    assert_eq!(run(repo.path(), &["who-can", "get", "secrets"]).1, "nobody\n", "not in the whole cluster");
    assert_eq!(run(repo.path(), &["who-can", "get"]).0, 2);
}

/// The chart of a folder below `testdata/charts`, with what helm prints for one case.
fn recorded(name: &str, case: &str) -> (String, String) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/charts").join(name);
    let golden = fs::read_to_string(directory.join("golden").join(case)).expect("recorded");
    (directory.join("chart").to_string_lossy().into_owned(), golden)
}

#[test]
fn render_prints_what_helm_prints() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, case, flags) in [
        ("hooks", "default.out", &[][..]),
        ("hooks", "no-hooks.out", &["--no-hooks"]),
        ("hooks", "skip-tests.out", &["--skip-tests"]),
        ("subcharts", "default.out", &[]),
        ("toyaml", "default.out", &[]),
    ] {
        let (chart, golden) = recorded(name, case);
        let (code, stdout, stderr) = run(here, &[&["render", &chart], flags].concat());
        assert_eq!((code, stdout), (0, golden), "{name} {case}: {stderr}");
    }
}

#[test]
fn a_chart_that_helm_refuses_is_refused_with_its_reason() {
    let repository = repository(&[
        ("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("web/templates/a.yaml", "a: {{ required \"a name is needed\" .Values.name }}\n"),
        ("values.yaml", "name: shop\n"),
    ]);
    let (code, stdout, stderr) = run(repository.path(), &["render", "web"]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("a name is needed") && stderr.contains("web/templates/a.yaml:1:6"), "{stderr}");
    // A values file beside the chart is read although it lies outside of the path.
    let (code, stdout, stderr) = run(repository.path(), &["render", "web", "-f", "values.yaml"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.ends_with("a: shop\n"), "{stdout}");
    let (code, _, _) = run(repository.path(), &["render", "values.yaml"]);
    assert_eq!(code, 3);
}

/// Output contract 5 and users-and-conventions U-06: a namespace that only comes from our own default is not judged,
/// and nothing says that two releases without one share it.
#[test]
fn charts_of_which_nobody_says_where_they_run_stay_apart() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-web\n  namespace: NAMESPACE\nspec:\n  containers:\n    - name: app\n      image: registry.example.com/app:1.0\n";
    let binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: admin\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: cluster-admin\nsubjects:\n  - kind: ServiceAccount\n    name: default\n    namespace: {{ .Release.Namespace }}\n";
    let (printed, literal) =
        (pod.replace("NAMESPACE", "{{ .Release.Namespace }}"), pod.replace("NAMESPACE", "default"));
    let repository = repository(&[
        ("one/Chart.yaml", "apiVersion: v2\nname: one\nversion: 1.0.0\n"),
        ("one/templates/pod.yaml", &printed),
        ("one/templates/binding.yaml", binding),
        ("two/Chart.yaml", "apiVersion: v2\nname: two\nversion: 1.0.0\n"),
        ("two/templates/pod.yaml", &printed),
        ("three/Chart.yaml", "apiVersion: v2\nname: three\nversion: 1.0.0\n"),
        ("three/templates/pod.yaml", &literal),
    ]);
    let rules = ["--select", "privileged-token-workload,default-namespace-used", "--exit-zero"];
    let (_, out, _) = run(repository.path(), &[&rules[..], &["--format", "concise"]].concat());
    let lines: Vec<&str> = out.lines().map(|line| line.split(": the ").next().unwrap_or(line)).collect();
    assert_eq!(lines.len(), 2, "{out}");
    assert!(lines[0].starts_with("one/templates/pod.yaml") && lines[0].contains("privileged-token-workload"));
    assert!(lines[1].starts_with("three/templates/pod.yaml") && lines[1].contains("default-namespace-used"));
    // Somebody who says where they run says that they are together.
    let (_, out, _) =
        run(repository.path(), &[&rules[..], &["--format", "concise", "--namespace", "shop"]].concat());
    assert!(out.contains("two/templates/pod.yaml") || out.contains("Pod/shop/release-name-web"), "{out}");
}

/// users-and-conventions U-01: a field that is missing altogether has a place, too.
#[test]
fn what_is_absent_is_shown_at_the_key_that_kept_it_out() {
    let repository = repository(&[
        ("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("web/values.yaml", "image: registry.example.com/app:1.0\nresources: {}\n"),
        (
            "web/templates/pod.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: app\n      image: {{ .Values.image }}\n      {{- with .Values.resources }}\n      resources:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n    - name: other\n      image: {{ .Values.image }}\n",
        ),
    ]);
    let (_, out, _) =
        run(repository.path(), &["--select", "missing-memory-limit", "--format", "json", "--exit-zero"]);
    let report: Value = serde_json::from_str(&out).expect("it is JSON");
    let [finding] = report["findings"].as_array().expect("a list").as_slice() else { panic!("{out}") };
    let place = |place: &Value| format!("{}:{}", place["path"].as_str().unwrap_or_default(), place["line"]);
    assert_eq!(place(&finding["location"]), "web/values.yaml:2");
    // The template of the second container has no place for it at all.
    let related: Vec<String> = finding["related"].as_array().into_iter().flatten().map(place).collect();
    assert_eq!(related, ["web/templates/pod.yaml:9", "web/templates/pod.yaml:13"]);
}

#[test]
fn shells_editors_and_packages_get_what_they_need() {
    let empty = repository(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, _) = run(empty.path(), &["completions", shell]);
        assert!(code == 0 && out.contains("fail-on"), "{shell}");
    }
    let (code, page, _) = run(empty.path(), &["man"]);
    assert!(code == 0 && page.contains(".TH iac-scan 1") && page.contains("source\\-map"), "{page}");
    let (code, schema, _) = run(empty.path(), &["config", "schema"]);
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    assert_eq!((code, &schema["additionalProperties"]), (0, &Value::Bool(false)));
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let config = serde_json::json!({
        "fail-on": "high",
        "charts": [{"path": "charts/web", "sets": [{"name": "prod", "set": {"image.tag": "1.2", "replicas": 3}}]}],
    });
    assert!(validator.is_valid(&config));
    assert!(!validator.is_valid(&serde_json::json!({"fail_on": "high"})));
}

#[test]
fn a_first_configuration_names_what_is_there_and_changes_nothing() {
    let directory = repository(&[
        ("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("infra/main.tf", "terraform {\n  backend \"s3\" {}\n}\nresource \"aws_iam_role\" \"x\" {}\n"),
        ("pod.yaml", PRIVILEGED),
    ]);
    let before = run(directory.path(), &["--format", "json"]);
    assert_eq!(run(directory.path(), &["init"]).0, 0);
    let text = fs::read_to_string(directory.path().join("iac-scan.yaml")).expect("it was written");
    assert!(text.contains("path: \"charts/web\"") && text.contains("root: \"infra\""), "{text}");
    assert_eq!(run(directory.path(), &["--format", "json"]).1, before.1);
    assert_eq!(run(directory.path(), &["init"]).0, 2, "what is there stays");
}
