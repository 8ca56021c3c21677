//! Charts of our own against what `helm template` prints for them, byte for byte: `testdata/charts`, which
//! `record.sh` there records with the real helm.

mod support;

use std::path::Path;

use iac_helm::{Chart, HelmProfile, Instance, KubeVersion, Mode, SetFlag, SetKind, ValuesLayer, render};
use iac_model::{FileKind, OriginId, Residence, Store, Text, Tree};

#[test]
fn charts_render_to_the_bytes_of_helm() {
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
            let golden = |extension| std::fs::read(directory.join(format!("golden/{case}.{extension}"))).ok();
            let result = match &chart {
                Some(chart) => run(&store, &tree, chart, arguments),
                None => Err(problems[0].message.clone()),
            };
            let complaint = match (result, golden("out"), golden("err")) {
                (Ok(ours), Some(theirs), _) if ours == theirs => continue,
                (Ok(ours), Some(theirs), _) => support::first_difference(&ours, &theirs),
                (Err(ours), Some(_), _) => format!("only we fail: {ours}"),
                (Ok(_), None, Some(theirs)) => {
                    format!("only helm fails: {}", String::from_utf8_lossy(&theirs))
                }
                (Err(ours), None, Some(theirs)) => {
                    let (ours, theirs) = (
                        support::comparable_error(&ours),
                        support::comparable_error(&String::from_utf8_lossy(&theirs)),
                    );
                    if ours == theirs {
                        continue;
                    }
                    format!("both fail\n  ours:   {ours:?}\n  helm's: {theirs:?}")
                }
                (_, None, None) => "nothing was recorded".into(),
            };
            wrong.push(format!("{name}/{case}: {complaint}"));
        }
    }
    assert!(count > 80, "only {count} cases");
    assert!(wrong.is_empty(), "{} of {count} cases differ:\n{}", wrong.len(), wrong.join("\n"));
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
fn run(store: &Store, tree: &Tree, chart: &Chart, arguments: &[String]) -> Result<Vec<u8>, String> {
    let origin = store.origins.argument(arguments.join(" "));
    let instance = instance(store, tree, arguments, origin);
    let rendered = render(store, chart, &instance);
    match rendered.failure {
        Some(message) => Err(message),
        None => Ok(rendered.output(store, chart, &instance).bytes().to_vec()),
    }
}

fn instance(store: &Store, tree: &Tree, arguments: &[String], origin: OriginId) -> Instance {
    let mut instance = Instance::new(Text::new("release-name", origin), Text::new("default", origin));
    instance.mode = Mode::Parity;
    let mut arguments = arguments.iter();
    while let Some(flag) = arguments.next() {
        let kind = match flag.as_str() {
            "--include-crds" => {
                instance.include_crds = true;
                continue;
            }
            "--is-upgrade" => {
                instance.is_upgrade = true;
                continue;
            }
            "--no-hooks" => {
                instance.no_hooks = true;
                continue;
            }
            "--skip-schema-validation" => {
                instance.skip_schema = true;
                continue;
            }
            "--skip-tests" => {
                instance.skip_tests = true;
                continue;
            }
            "--set" => Some(SetKind::Typed),
            "--set-file" => Some(SetKind::File),
            "--set-json" => Some(SetKind::Json),
            "--set-literal" => Some(SetKind::Literal),
            "--set-string" => Some(SetKind::String),
            _ => None,
        };
        let value = arguments.next().expect("the flag has a value");
        match (flag.as_str(), kind) {
            (_, Some(kind)) => {
                let read = |path: &str| {
                    let bytes = tree.bytes(path).ok()?;
                    Some((path.to_string(), Text::new(bytes.to_vec(), origin)))
                };
                let path = value.split_once('=').map(|(_, path)| path).filter(|_| kind == SetKind::File);
                let files = path.and_then(read).into_iter().collect();
                instance.sets.push(SetFlag { kind, text: Text::new(value.as_str(), origin), files });
            }
            ("-a" | "--api-versions", None) => {
                instance.api_versions.extend(value.split(',').map(str::to_string));
            }
            ("-f", None) => {
                let bytes = tree.bytes(value).expect("the values file is there");
                let file = store.sources.add(value.as_str(), FileKind::Values, Residence::Disk, bytes);
                instance.values.push(ValuesLayer::File(file));
            }
            ("--kube-version", None) => {
                instance.kube_version = KubeVersion::parse(value, HelmProfile::V4).expect("a version");
            }
            ("--namespace", None) => instance.namespace = Text::new(value.as_str(), origin),
            _ => panic!("unknown flag {flag}"),
        }
    }
    instance
}
