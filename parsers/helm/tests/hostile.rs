//! Charts that want too much: each ends in a problem that names the limit, in bounded time and memory.

#[path = "support/hostile.rs"]
mod hostile;

use std::time::{Duration, Instant};

use hostile::chart;
use iac_helm::{Chart, Instance, Rendered, ValuesLayer, render};
use iac_model::{FileKind, Problem, Residence, Store, Text, Tree};

/// Generous, since tests run unoptimised on busy machines.
const TIME: Duration = Duration::from_secs(40);

fn scan(tree: &Tree) -> (Store, Rendered, Vec<Problem>) {
    let started = Instant::now();
    let store = Store::new();
    let (chart, mut problems) = Chart::load(&store, tree, "web");
    let rendered = match chart {
        None => Rendered::default(),
        Some(chart) => {
            let origin = store.origins.argument("scan");
            let mut instance = Instance::new(Text::new("r", origin), Text::new("default", origin));
            // A fraction of the defaults, for the same reason.
            instance.limits.fuel = 1_000_000;
            instance.limits.calm = 200_000;
            instance.limits.string = 1 << 20;
            instance.limits.output = 4 << 20;
            render(&store, &chart, &instance)
        }
    };
    problems.extend(rendered.problems.iter().cloned());
    let took = started.elapsed();
    assert!(took < TIME, "took {took:?}");
    (store, rendered, problems)
}

#[test]
fn each_case_ends_in_a_problem_that_names_its_limit() {
    let mut wrong = Vec::new();
    for case in hostile::cases() {
        let (_, rendered, problems) = scan(&case.tree);
        let says = |text: &str| problems.iter().any(|problem| problem.message.contains(text));
        if !case.expected.is_empty() && !says(case.expected) {
            wrong.push(format!("{}: {problems:?}", case.name));
        }
        // What comes behind it is rendered nevertheless, or the work of the whole chart is used up.
        let all_used = says("steps");
        let other = |document: &iac_helm::Document| document.template == "web/templates/b.yaml";
        if case.has_other_template && !all_used && !rendered.documents.iter().any(other) {
            wrong.push(format!("{}: what comes behind it is not rendered", case.name));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn large_files_that_are_read_are_not_hostile() {
    // Charts read the names off their custom resource definitions, which may be megabytes.
    let field = "      aField:\n        description: Says what the field is for, in a sentence or two.\n        type: string\n";
    let crd = format!("metadata:\n  name: things.example.org\nspec:\n  versions:\n{}", field.repeat(2_000));
    let megabytes = crd.len() as u64 / 1_000_000 + 1;
    let template = "name: {{ (.Files.Get \"crd.yaml\" | fromYaml).metadata.name }}\n";
    let (_, rendered, problems) = scan(&chart(&[("crd.yaml", crd), ("templates/a.yaml", template.into())]));
    assert!(problems.is_empty(), "{problems:?}");
    let calm = iac_gotemplate::Limits::default().calm;
    assert!(rendered.steps < megabytes * calm / 8, "{} steps for {megabytes} MB", rendered.steps);
}

#[test]
fn aliases_do_not_explode() {
    let text = hostile::aliases();
    let (_, _, problems) = scan(&chart(&[("values.yaml", text.clone()), ("templates/a.yaml", text)]));
    assert!((2..200).contains(&problems.len()), "{problems:?}");
    assert!(problems.iter().all(|problem| problem.message.contains("excessive aliasing")), "{problems:?}");
}

#[test]
fn sets_are_bounded() {
    let tree = chart(&[("templates/a.yaml", "a: 1\n".into())]);
    let store = Store::new();
    let (chart, _) = Chart::load(&store, &tree, "web");
    let origin = store.origins.argument("scan");
    let mut instance = Instance::new(Text::new("r", origin), Text::new("default", origin));
    let deep = format!("{}1{}\n", "{a: ".repeat(5_000), "}".repeat(5_000));
    let file = store.sources.add("v.yaml", FileKind::Values, Residence::Disk, deep.as_bytes());
    instance.values.push(ValuesLayer::File(file));
    for text in
        [format!("a{}=1", "[0]".repeat(100_000)), "a[65536]=1".into(), format!("{}=1", ["a"; 5000].join("."))]
    {
        let kind = iac_helm::SetKind::Typed;
        instance.sets.push(iac_helm::SetFlag { kind, text: Text::new(text, origin), files: Vec::new() });
    }
    let rendered = render(&store, &chart.expect("the chart can be loaded"), &instance);
    assert!(rendered.problems.len() >= 3, "{:?}", rendered.problems);
    assert_eq!(rendered.documents.len(), 1);
}

#[test]
fn archives_of_one_chart_share_one_budget() {
    let tree = hostile::archives();
    let (_, _, problems) = scan(&tree);
    let refused = problems.iter().filter(|problem| problem.message.contains("hold more than")).count();
    assert_eq!(refused, 6, "{problems:?}");
}
