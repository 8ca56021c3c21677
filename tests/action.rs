//! The steps of `action.yml`, run as a runner of GitHub would run them.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::git::{self, committed, has};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n    - name: app\n      image: registry.example/app:1.2.3\n      securityContext: {privileged: true}\n";

const TOOLS: [&str; 3] = ["bash", "git", "jq"];

/// The script and the environment of a step, with the inputs' defaults.
fn step(name: &str) -> (String, BTreeMap<String, String>) {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml"))
        .expect("it is there");
    let action: serde_yaml::Value = serde_yaml::from_str(&text).expect("it is YAML");
    let steps = action["runs"]["steps"].as_sequence().expect("it has steps");
    let step = steps.iter().find(|step| step["name"].as_str() == Some(name)).expect("the step is there");
    let script = step["run"].as_str().expect("it runs a script").to_owned();
    assert!(!script.contains("${{"), "what a person typed reaches a script through the environment only");
    let env = step["env"].as_mapping().expect("it has an environment");
    let value = |expression: &str| {
        let input = expression.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}"));
        let default = input.map(|input| &action["inputs"][input]["default"]);
        default.map_or_else(String::new, |value| value.as_str().unwrap_or_default().to_owned())
    };
    let env = env.iter().map(|(name, expression)| {
        (name.as_str().expect("a name").to_owned(), value(expression.as_str().expect("an expression")))
    });
    (script, env.collect())
}

struct Runner {
    repository: tempfile::TempDir,
    temporary: tempfile::TempDir,
}

impl Runner {
    fn new(files: &[(&str, &str)]) -> Self {
        Self { repository: committed(files), temporary: tempfile::tempdir().expect("a directory") }
    }

    fn git(&self, arguments: &[&str]) -> String {
        git::git(self.repository.path(), arguments)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.repository.path().join(path), text).expect("written");
    }

    fn commit(&self) -> String {
        git::commit(self.repository.path())
    }

    /// Runs the scan; gives its outputs.
    fn scan(&self, changes: &[(&str, &str)]) -> BTreeMap<String, String> {
        let (script, mut env) = step("Scan");
        env.insert("BINARY".into(), assert_cmd::cargo::cargo_bin("iac-scan").display().to_string());
        env.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let file = |name: &str| self.temporary.path().join(name);
        for name in ["output", "summary"] {
            std::fs::write(file(name), "").expect("written");
        }
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &script]).envs(&env);
        command.current_dir(self.repository.path()).env("RUNNER_TEMP", self.temporary.path());
        command.env("GITHUB_OUTPUT", file("output")).env("GITHUB_STEP_SUMMARY", file("summary"));
        let ran = command.output().expect("it runs");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let text = std::fs::read_to_string(file("output")).expect("it is there");
        text.lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }

    fn report(&self, name: &str) -> PathBuf {
        self.temporary.path().join("iac-scan-report").join(name)
    }
}

#[test]
fn a_push_is_scanned_as_a_whole() {
    if !has(&TOOLS) {
        return;
    }
    let runner = Runner::new(&[("pod.yaml", POD)]);
    let outputs = runner.scan(&[]);
    assert_eq!(outputs["exit-code"], "1");
    assert_eq!(outputs["findings"], outputs["new-findings"]);
    assert_eq!(outputs["critical"], "1");
    for name in ["sarif-file", "json-file"] {
        assert!(Path::new(&outputs[name]).is_file(), "{name}");
    }
    let annotations = std::fs::read_to_string(runner.report("annotations.txt")).expect("it is there");
    assert!(annotations.contains("::error file=pod.yaml,line=8,"), "{annotations}");
    let summary = std::fs::read_to_string(runner.temporary.path().join("summary")).expect("it is there");
    assert!(summary.contains("## iac-scan"), "{summary}");
}

#[test]
fn a_pull_request_fails_for_what_it_adds() {
    if !has(&TOOLS) {
        return;
    }
    let runner = Runner::new(&[("pod.yaml", POD)]);
    let base = runner.git(&["rev-parse", "HEAD"]);
    runner.write("README.md", "a change\n");
    runner.commit();
    let same = runner.scan(&[("BASE_SHA", &base)]);
    assert_eq!((same["exit-code"].as_str(), same["new-findings"].as_str()), ("0", "0"));
    assert_ne!(same["findings"], "0");

    runner.write("other.yaml", &POD.replace("name: web", "name: other"));
    runner.commit();
    let more = runner.scan(&[("BASE_SHA", &base)]);
    assert_eq!((more["exit-code"].as_str(), more["critical"].as_str()), ("1", "1"));
    let sarif = std::fs::read_to_string(&more["sarif-file"]).expect("it is there");
    assert!(
        sarif.contains("\"uri\":\"pod.yaml\"") || sarif.contains("\"uri\": \"pod.yaml\""),
        "all of it is uploaded"
    );
    assert_eq!(runner.scan(&[("BASE_SHA", &base), ("DIFF", "false")])["critical"], "2");

    // The branch it is merged into went on: the merge's first parent is what it adds to.
    runner.git(&["checkout", "--quiet", "-b", "feature", &base]);
    runner.write("third.yaml", &POD.replace("name: web", "name: third"));
    let feature = runner.commit();
    runner.git(&["checkout", "--quiet", "main"]);
    runner.git(&["merge", "--quiet", "--no-edit", "feature"]);
    let merge = runner.git(&["rev-parse", "HEAD"]);
    let event = [("BASE_SHA", base.as_str()), ("EVENT", "pull_request"), ("GITHUB_SHA", merge.as_str())];
    assert_eq!(runner.scan(&event)["critical"], "1");

    // Its own last commit is checked out, and is a merge of its own making: its parents say nothing.
    runner.git(&["checkout", "--quiet", "feature"]);
    runner.git(&["checkout", "--quiet", "-b", "side"]);
    runner.git(&["commit", "--quiet", "--allow-empty", "--message", "nothing"]);
    runner.git(&["checkout", "--quiet", "feature"]);
    runner.git(&["merge", "--quiet", "--no-ff", "--no-edit", "side"]);
    assert_eq!(runner.git(&["rev-parse", "HEAD^1"]), feature);
    assert_eq!(runner.scan(&event)["critical"], "1");
}

#[test]
fn a_pull_request_cannot_switch_its_own_gate_off() {
    if !has(&TOOLS) {
        return;
    }
    let runner = Runner::new(&[("README.md", "nothing\n")]);
    let base = runner.git(&["rev-parse", "HEAD"]);
    runner.write("pod.yaml", POD);
    runner.write("iac-scan.yaml", "fail-on: never\nignore: [privileged-container]\n");
    runner.commit();
    assert_eq!(runner.scan(&[("BASE_SHA", &base)])["critical"], "1");
    let own = runner.scan(&[("BASE_SHA", &base), ("POLICY_REF", "head")]);
    assert_eq!((own["exit-code"].as_str(), own["critical"].as_str()), ("0", "0"));
}

#[test]
fn words_of_inputs_are_arguments_and_nothing_else() {
    if !has(&TOOLS) {
        return;
    }
    let runner = Runner::new(&[("a/pod.yaml", POD), ("b/pod.yaml", POD)]);
    let both = runner.scan(&[("PATHS", " a\n b ")]);
    assert_eq!(both["critical"], "2");
    let one = runner.scan(&[("PATHS", "a"), ("EXTRA_ARGS", "--select privileged-container")]);
    assert_eq!((one["critical"].as_str(), one["findings"].as_str()), ("1", "1"));
    let hostile = runner.scan(&[("PATHS", "$(touch${IFS}owned);`touch owned`")]);
    assert_eq!(hostile["exit-code"], "3");
    assert!(!runner.repository.path().join("owned").exists());
}

#[test]
fn a_base_that_is_not_there_is_said() {
    if !has(&TOOLS) {
        return;
    }
    let runner = Runner::new(&[("pod.yaml", POD)]);
    let outputs = runner.scan(&[("BASE_SHA", "0123456789012345678901234567890123456789")]);
    assert_eq!(outputs["exit-code"], "2");
    assert!(!outputs.contains_key("sarif-file"));
}

#[test]
fn the_gate_passes_the_exit_code_on() {
    if !has(&TOOLS) {
        return;
    }
    let (script, _) = step("Gate");
    for (code, expected) in [("0", 0), ("1", 1), ("4", 4), ("", 5)] {
        let ran =
            Command::new("bash").args(["-e", "-c", &script]).env("CODE", code).status().expect("it runs");
        assert_eq!(ran.code(), Some(expected));
    }
}
