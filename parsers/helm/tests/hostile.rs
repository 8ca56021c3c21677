//! Charts that want too much: each ends in a problem that names the limit, in bounded time and memory.

mod support;

use std::fmt::Write;
use std::time::{Duration, Instant};

use iac_helm::{Chart, Instance, Rendered, ValuesLayer, render};
use iac_model::{FileKind, Problem, Residence, Store, Text, Tree, TreeEntry};

/// Generous, since tests run unoptimised on busy machines.
const TIME: Duration = Duration::from_secs(40);

fn chart(files: &[(&str, String)]) -> Tree {
    let mut tree = Tree::new();
    tree.insert("web/Chart.yaml", TreeEntry::file(&b"apiVersion: v2\nname: web\nversion: 1.0.0\n"[..]));
    for (path, text) in files {
        assert!(tree.insert(&format!("web/{path}"), TreeEntry::file(text.as_bytes())), "{path}");
    }
    tree
}

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

/// Renders one template; returns the messages of its problems.
fn template(text: &str) -> Vec<String> {
    let tree = chart(&[("templates/a.yaml", text.into()), ("templates/b.yaml", "b: 1\n".into())]);
    let (_, rendered, problems) = scan(&tree);
    // What comes behind it is rendered nevertheless, or the work of the whole chart is used up.
    let all_used = problems.iter().any(|problem| problem.message.contains("steps"));
    assert!(
        all_used || rendered.documents.iter().any(|document| document.template == "web/templates/b.yaml")
    );
    problems.into_iter().map(|problem| problem.message).collect()
}

#[test]
fn templates_that_never_end_are_stopped() {
    let endless = [
        (r#"{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}"#, "templates inside each other"),
        (
            r#"{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}"#,
            "templates inside each other",
        ),
        (r#"{{ $_ := set .Values "t" "{{ tpl .Values.t . }}" }}{{ tpl .Values.t . }}"#, "limit reached"),
        (r#"{{ range until 100000 }}{{ range until 100000 }}x{{ end }}{{ end }}"#, "limit reached"),
        (
            r#"{{ define "a" }}{{ range until 10 }}{{ include "a" $ }}{{ end }}{{ end }}{{ include "a" . }}"#,
            "limit reached",
        ),
    ];
    for (text, expected) in endless {
        let messages = template(text);
        assert!(messages.iter().any(|message| message.contains(expected)), "{text}: {messages:?}");
    }
}

#[test]
fn values_that_are_too_large_are_refused_before_they_are_made() {
    for text in [
        r#"{{ repeat 1000000000 "x" }}"#,
        r#"{{ until 1000000000 }}"#,
        r#"{{ untilStep 0 2000000000 1 | len }}"#,
        r#"{{ nindent 2000000000 "x" }}"#,
        r#"{{ seq 1 1000000000 }}"#,
        r#"{{ $x := "xxxxxxxxxxxxxxxx" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}"#,
        r#"{{ $x := list 1 2 3 4 5 6 7 8 }}{{ range until 40 }}{{ $x = concat $x $x }}{{ end }}"#,
        r#"{{ $x := dict }}{{ range until 100000 }}{{ $x = dict "a" $x }}{{ end }}{{ toYaml $x }}"#,
        r#"{{ $x := dict }}{{ range until 60 }}{{ $x = dict "a" $x "b" $x }}{{ end }}{{ toYaml $x }}"#,
        r#"{{ $x := dict }}{{ $_ := set $x "self" $x }}{{ toToml $x }}"#,
        r#"{{ range until 100000 }}{{ repeat 1000 "x" }}{{ end }}"#,
    ] {
        let messages = template(text);
        assert!(messages.iter().any(|message| message.contains("limit reached")), "{text}: {messages:?}");
    }
}

#[test]
fn deep_sources_do_not_run_out_of_stack() {
    let parentheses = format!("{{{{ {}1{} }}}}", "(".repeat(100_000), ")".repeat(100_000));
    let conditions = format!("{}{}", "{{ if 1 }}".repeat(50_000), "{{ end }}".repeat(50_000));
    for text in [parentheses, conditions] {
        let messages = template(&text);
        assert!(messages.iter().any(|message| message.contains("nesting")), "{messages:?}");
    }
    let flow = format!("a: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let (_, _, problems) = scan(&chart(&[("values.yaml", flow.clone()), ("templates/a.yaml", flow)]));
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn aliases_do_not_explode() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        let aliases = vec![alias; 10].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{aliases}]");
    }
    let (_, _, problems) = scan(&chart(&[("values.yaml", text.clone()), ("templates/a.yaml", text)]));
    assert!((2..200).contains(&problems.len()), "{problems:?}");
    assert!(problems.iter().all(|problem| problem.message.contains("excessive aliasing")), "{problems:?}");
}

#[test]
fn schemas_and_sets_are_bounded() {
    let nested = format!("{}{}", r#"{"not": "#.repeat(5_000), "}".repeat(5_000));
    let recursive = r##"{"$ref": "#"}"##.to_string();
    let pattern = r#"{"properties": {"a": {"pattern": "((a{0,1000}){0,1000}){0,1000}"}}}"#.to_string();
    for schema in [nested, recursive, pattern] {
        scan(&chart(&[("values.schema.json", schema), ("values.yaml", "a: x".into())]));
    }
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
fn charts_inside_charts_end() {
    let mut tree = chart(&[]);
    let mut path = String::from("web");
    for level in 0..60 {
        let _ = write!(path, "/charts/c{level}");
        let text = format!("apiVersion: v2\nname: c{level}\nversion: 1.0.0\n");
        tree.insert(&format!("{path}/Chart.yaml"), TreeEntry::file(text.as_bytes()));
    }
    let (_, _, problems) = scan(&tree);
    assert!(problems.iter().any(|problem| problem.code == "chart-too-deep"), "{problems:?}");
}

#[test]
fn many_files_are_cut() {
    let files: Vec<_> = (0..25_000).map(|n| (format!("files/{n}"), String::new())).collect();
    let mut tree = chart(&[]);
    for (path, text) in &files {
        tree.insert(&format!("web/{path}"), TreeEntry::file(text.as_bytes()));
    }
    let (_, _, problems) = scan(&tree);
    assert!(problems.iter().any(|problem| problem.code == "chart-too-many-files"), "{problems:?}");
}

#[test]
fn archives_of_one_chart_share_one_budget() {
    // Each archive is small and holds 4 MiB of zeros.
    let mut tree = chart(&[]);
    for number in 0..30 {
        let mut tar =
            tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        let mut add = |path: &str, bytes: &[u8]| {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            tar.append_data(&mut header, path, bytes).expect("in memory");
        };
        add("c/Chart.yaml", format!("apiVersion: v2\nname: c{number}\nversion: 1.0.0\n").as_bytes());
        add("c/zeros", &vec![0; 4 << 20]);
        let archive = tar.into_inner().expect("in memory").finish().expect("in memory");
        tree.insert(&format!("web/charts/c{number}.tgz"), TreeEntry::file(archive));
    }
    let (_, _, problems) = scan(&tree);
    let refused = problems.iter().filter(|problem| problem.message.contains("hold more than")).count();
    assert_eq!(refused, 6, "{problems:?}");
}
