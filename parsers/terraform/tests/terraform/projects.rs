//! Whole projects against what `terraform plan` 1.13.3 makes of them; `testdata/terraform/projects/record.py` records
//! it.

use std::path::{Path, PathBuf};

use iac_model::{FileKind, Input, Kind, Residence, Store, Tree, Value, json};
use iac_terraform::{Evaluated, Inputs, Project};

use crate::scan;

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/terraform/projects")
}

/// Paths and texts of a project's files.
fn read(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let name = line.strip_suffix('\n').and_then(|line| line.strip_prefix("-- ")?.strip_suffix(" --"));
        match (name, files.last_mut()) {
            (Some(name), _) => files.push((name.to_owned(), String::new())),
            (None, Some((_, content))) => content.push_str(line),
            (None, None) => {}
        }
    }
    for (name, content) in &mut files {
        if name.ends_with('!') {
            name.pop();
            content.pop();
        }
    }
    files
}

pub(crate) struct Case {
    root: String,
    inputs: Inputs,
    files: Vec<(String, String)>,
    pub(crate) expected: String,
}

impl Case {
    pub(crate) fn tree(&self) -> Tree {
        let files: Vec<(&str, &str)> =
            self.files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        scan::files(&files)
    }
}

pub(crate) fn case(text: &str) -> Case {
    let mut case =
        Case { root: String::new(), inputs: Inputs::default(), files: Vec::new(), expected: String::new() };
    for (name, content) in read(text) {
        match name.as_str() {
            "expected" => case.expected = content,
            "options" => {
                for (option, value) in content.lines().filter_map(|line| line.split_once(' ')) {
                    let value = value.to_owned();
                    match option {
                        "env" => {
                            let (name, value) = value.split_once('=').expect("NAME=VALUE");
                            case.inputs.environment.push((name.to_owned(), value.to_owned()));
                        }
                        "root" => case.root = value,
                        "var" => case.inputs.variables.push(value),
                        "var-file" => case.inputs.var_files.push(value),
                        "workspace" => case.inputs.workspace = value,
                        other => panic!("no such option: {other}"),
                    }
                }
            }
            _ => case.files.push((name, content)),
        }
    }
    case
}

pub(crate) fn parse(store: &Store, text: &str) -> Value {
    let file = store.sources.add("expected", FileKind::Other, Residence::Memory, text.as_bytes());
    json::parse(store, &Input::File(file)).expect("what was recorded is JSON")
}

/// How two values differ, with the way there. What Terraform does not know yet may be anything here.
fn difference(store: &Store, expected: &Value, ours: Option<&Value>, at: &str) -> Option<String> {
    if expected.get("$unknown").is_some() {
        return None;
    }
    let ours = match ours {
        None if expected.is_null() => return None,
        None => return Some(format!("{at} is missing")),
        Some(ours) => ours,
    };
    let differ =
        || Some(format!("{at}: {} instead of {}", scan::json(store, ours), scan::json(store, expected)));
    match (&expected.kind, &ours.kind) {
        (Kind::List(a), Kind::List(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(index, (a, b))| difference(store, a, Some(b), &format!("{at}[{index}]")))
        }
        (Kind::Map(a), Kind::Map(b)) => {
            if let Some(extra) = b.iter().find(|entry| {
                let says = !matches!(entry.value.kind, Kind::Null | Kind::Unknown(_));
                says && a.get(entry.key.bytes()).is_none()
            }) {
                return Some(format!("{at}.{} is too much", extra.key.to_str_lossy()));
            }
            a.iter().find_map(|entry| {
                let at = format!("{at}.{}", entry.key.to_str_lossy());
                difference(store, &entry.value, b.get(entry.key.bytes()), &at)
            })
        }
        (Kind::Null, Kind::Null) => None,
        (Kind::Bool(a), Kind::Bool(b)) if a == b => None,
        (Kind::Number(a), Kind::Number(b)) if a.to_string() == b.to_string() => None,
        (Kind::String(a), Kind::String(b)) if a.is_known() && b.is_known() && a.bytes() == b.bytes() => None,
        _ => differ(),
    }
}

pub(crate) fn differences(store: &Store, expected: &Value, evaluated: &Evaluated) -> Vec<String> {
    let mut found = Vec::new();
    let expected_resources = expected.get("resources").and_then(Value::as_map).expect("there are resources");
    for entry in expected_resources {
        let address = entry.key.to_str_lossy();
        match evaluated.resources.iter().find(|resource| resource.address == address) {
            Some(resource) => found.extend(difference(store, &entry.value, Some(&resource.body), &address)),
            None => found.push(format!("{address} is missing")),
        }
    }
    let managed = |address: &str| !address.contains("data.") && !address.contains("provider.");
    for resource in &evaluated.resources {
        if managed(&resource.address) && expected_resources.get(&resource.address).is_none() {
            found.push(format!("{} is too much", resource.address));
        }
    }
    for entry in expected.get("outputs").and_then(Value::as_map).into_iter().flatten() {
        let name = entry.key.to_str_lossy();
        let output = evaluated.outputs.iter().find(|output| output.name == name);
        let at = format!("output.{name}");
        found.extend(difference(store, &entry.value, output.map(|output| &output.value), &at));
    }
    found
}

#[test]
fn projects_evaluate_as_terraform_plans_them() {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(testdata())
        .expect("the projects are there")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    let (mut wrong, mut refused) = (Vec::new(), 0);
    for path in &paths {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let case = case(&std::fs::read_to_string(path).expect("a project is text"));
        let tree = case.tree();
        let store = Store::new();
        let evaluated = Project::new(&store, &tree).evaluate(&case.root, &case.inputs);
        let expected = parse(&store, &case.expected);
        if expected.get("error").is_some() {
            refused += 1;
            if evaluated.problems.is_empty() {
                wrong.push(format!("{name}: nothing is reported"));
            }
            continue;
        }
        let found = differences(&store, &expected, &evaluated);
        wrong.extend(found.into_iter().map(|difference| format!("{name}: {difference}")));
        let problems = evaluated.problems.iter().map(|problem| format!("{name}: {}", problem.message));
        wrong.extend(problems);
    }
    println!("{} projects, {refused} of them refused by Terraform", paths.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
