//! Charts of our own against what `helm template` prints for them, byte for byte: `testdata/charts`, which
//! `record.sh` there records with the real helm.

mod support;

use std::path::Path;

use iac_helm::{Chart, HelmProfile, render};
use iac_model::{Store, Tree};

#[test]
fn charts_render_to_the_bytes_of_helm_4() {
    check(HelmProfile::V4, "golden");
}

#[test]
fn charts_render_to_the_bytes_of_helm_3() {
    check(HelmProfile::V3, "golden-v3");
}

fn check(profile: HelmProfile, recorded: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/charts");
    let mut wrong = Vec::new();
    let mut count = 0;
    for name in support::names(&root).expect("testdata/charts is there") {
        let directory = root.join(&name);
        let Ok(cases) = std::fs::read_to_string(directory.join("cases")) else { continue };
        let tree = support::read_tree(&directory).expect("the chart can be read");
        let store = Store::new();
        let (chart, problems) = Chart::load(&store, &tree, "chart");
        for case in cases.lines().filter(|line| !line.is_empty()) {
            count += 1;
            let words = words(case);
            let (case, arguments) = words.split_first().expect("a case has a name");
            let golden =
                |extension| std::fs::read(directory.join(format!("{recorded}/{case}.{extension}"))).ok();
            let ours = match &chart {
                Some(chart) => run(&store, &tree, chart, arguments, profile),
                None => Err(problems[0].message.clone()),
            };
            if let Some(complaint) = compare(ours, golden("out"), golden("err")) {
                wrong.push(format!("{name}/{case}: {complaint}"));
            }
        }
    }
    assert!(count > 80, "only {count} cases");
    assert!(wrong.is_empty(), "{} of {count} cases differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is wrong with our output or error.
fn compare(ours: Result<Vec<u8>, String>, out: Option<Vec<u8>>, err: Option<Vec<u8>>) -> Option<String> {
    match (ours, out, err) {
        (Ok(ours), Some(theirs), _) if ours == theirs => None,
        (Ok(ours), Some(theirs), _) => Some(support::first_difference(&ours, &theirs)),
        (Err(ours), Some(_), _) => Some(format!("only we fail: {ours}")),
        (Ok(_), None, Some(theirs)) => Some(format!("only helm fails: {}", String::from_utf8_lossy(&theirs))),
        (Err(ours), None, Some(theirs)) => {
            let ours = support::comparable_error(&ours);
            let theirs = support::comparable_error(&String::from_utf8_lossy(&theirs));
            (ours != theirs).then(|| format!("both fail\n  ours:   {ours:?}\n  helm's: {theirs:?}"))
        }
        (_, None, None) => Some("nothing was recorded".into()),
    }
}

/// Splits a line as a shell does: blanks outside of single quotes separate.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut quoted = false;
    let mut open = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => {
                open = false;
                continue;
            }
            _ => {
                if !open {
                    words.push(String::new());
                }
                words.last_mut().expect("just pushed").push(c);
            }
        }
        open = open || c != '\'';
    }
    words
}

/// Renders a chart with helm's arguments.
fn run(
    store: &Store,
    tree: &Tree,
    chart: &Chart,
    arguments: &[String],
    profile: HelmProfile,
) -> Result<Vec<u8>, String> {
    let origin = store.origins.argument(arguments.join(" "));
    let instance = support::instance(store, tree, arguments, origin, profile);
    let rendered = render(store, chart, &instance);
    match rendered.failure {
        Some(message) => Err(message),
        None => Ok(rendered.output(store, chart, &instance).bytes().to_vec()),
    }
}
