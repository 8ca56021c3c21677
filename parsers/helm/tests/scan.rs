//! What Helm refuses is scanned nevertheless: each trouble is a problem with a place, and the rest is rendered.

mod support;

use std::path::Path;

use iac_helm::{Chart, Instance, Rendered, render};
use iac_model::{Problem, Store, Text, Tree, TreeEntry};

#[test]
fn each_trouble_costs_no_more_than_it_must() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/charts/scan");
    let tree = support::read_tree(&directory).expect("the chart can be read");
    let store = Store::new();
    let (chart, mut problems) = Chart::load(&store, &tree, "chart");
    let rendered = scan(&store, &chart.expect("the chart can be loaded"));
    assert_eq!(rendered.failure, None);
    let names: Vec<_> = rendered
        .documents
        .iter()
        .map(|document| {
            let name = document.body.at(&["metadata", "name"]).and_then(|name| name.as_str());
            (name.expect("a name").to_string(), document.cut_off)
        })
        .collect();
    let expected =
        [("required", false), ("whole", false), ("cut-off", true), ("fine", false), ("fine-too", false)];
    assert_eq!(names, expected.map(|(name, cut_off)| (name.to_string(), cut_off)));
    let data = rendered.documents[0].body.get("data").expect("data");
    assert_eq!(data.get("name").and_then(|name| name.as_str()), Some(""));
    assert_eq!(data.get("after").and_then(|after| after.as_str()), Some("still here"));
    problems.extend(rendered.problems);
    let problems: Vec<String> = problems.iter().map(|problem| describe(&store, problem)).collect();
    insta::assert_snapshot!(problems.join("\n"));
}

#[test]
fn charts_without_metadata_are_lost_and_say_so() {
    let mut tree = Tree::new();
    tree.insert("web/values.yaml", TreeEntry::file(&b"a: 1"[..]));
    tree.insert("web.tgz", TreeEntry::file(&b"no archive"[..]));
    for path in ["web", "web.tgz", "nothing"] {
        let (chart, problems) = Chart::load(&Store::new(), &tree, path);
        assert!(chart.is_none(), "{path}");
        assert_eq!(problems.len(), 1, "{path}: {problems:?}");
    }
}

fn scan(store: &Store, chart: &Chart) -> Rendered {
    let origin = store.origins.argument("scan");
    render(store, chart, &Instance::new(Text::new("release-name", origin), Text::new("default", origin)))
}

fn describe(store: &Store, problem: &Problem) -> String {
    let place = match (problem.at, &problem.path) {
        (Some(span), _) => {
            let file = store.sources.file(span.file);
            let position = file.position(span.start);
            format!("{}:{}:{}", file.path, position.line, position.column)
        }
        (None, Some(path)) => path.clone(),
        (None, None) => "nowhere".into(),
    };
    format!("{:?} {} at {place}: {}", problem.severity, problem.code, problem.message)
}
