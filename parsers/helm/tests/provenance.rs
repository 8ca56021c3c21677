//! Where each part of a rendered chart comes from: every line with the places that made it, for review.

mod support;

use std::fmt::Write;
use std::path::Path;

use iac_helm::{Chart, HelmProfile, Rendered, render};
use iac_model::{OriginId, Role, Span, Store};

#[test]
fn every_line_leads_to_the_places_that_a_person_edits() {
    insta::assert_snapshot!("defaults", trace(&[]));
}

#[test]
fn what_a_user_gives_is_named_and_wins() {
    insta::assert_snapshot!("user", trace(&["-f", "user.yaml", "--set", "replicas=5,labels.team=blue"]));
}

#[test]
fn every_byte_has_an_origin_and_the_map_is_complete() {
    let (store, rendered) = provenance_chart(&[]);
    for document in &rendered.documents {
        let text = store.sources.file(document.file).rendered().expect("a document is rendered");
        let mut covered = 0;
        for (range, run) in text.runs() {
            assert_eq!(range.start, covered);
            covered = range.end;
            assert!(store.origins.place(run.origin).is_some() || !store.trace(run.origin).steps.is_empty());
        }
        assert_eq!(covered, text.len());
    }
}

fn provenance_chart(arguments: &[&str]) -> (Store, Rendered) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/charts/provenance");
    let tree = support::read_tree(&directory).expect("the chart can be read");
    let store = Store::new();
    let (chart, problems) = Chart::load(&store, &tree, "chart");
    assert_eq!(problems, []);
    let chart = chart.expect("the chart can be loaded");
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let origin = store.origins.argument("helm template");
    let instance = support::instance(&store, &tree, &arguments, origin, HelmProfile::V4);
    let rendered = render(&store, &chart, &instance);
    assert_eq!(rendered.failure, None);
    (store, rendered)
}

/// Prints each line of each document with the trace of each of its runs.
fn trace(arguments: &[&str]) -> String {
    let (store, rendered) = provenance_chart(arguments);
    let mut out = String::new();
    for document in &rendered.documents {
        let _ = writeln!(out, "=== {}", document.template);
        let file = store.sources.file(document.file);
        let text = file.rendered().expect("a document is rendered");
        let mut start = 0;
        for line in text.bytes().split_inclusive(|&byte| byte == b'\n') {
            let end = start + line.len();
            for absence in document.absences.iter().filter(|absence| (start..end).contains(&absence.at)) {
                let _ = writeln!(
                    out,
                    "  (nothing here: {} because of {})",
                    place(&store, absence.branch),
                    steps(&store, absence.condition)
                );
            }
            let _ = writeln!(out, "{}", String::from_utf8_lossy(line).trim_end());
            for (range, run) in text.runs_in(start..end) {
                let part = String::from_utf8_lossy(&text.bytes()[range.clone()]).into_owned();
                if part.trim().is_empty() {
                    continue;
                }
                let origin = match run.base() {
                    Some(base) => store.origins.narrow(run.origin, base, range.len()),
                    None => run.origin,
                };
                let _ = writeln!(out, "    {:?} <- {}", part.trim(), steps(&store, origin));
            }
            start = end;
        }
    }
    out
}

fn steps(store: &Store, origin: OriginId) -> String {
    let steps = store.trace(origin).steps;
    let steps: Vec<String> = steps
        .iter()
        .map(|step| {
            let role = match step.role {
                Role::Argument => "argument",
                Role::Condition => "if",
                Role::Config => "config",
                Role::Manifest => "manifest",
                Role::Rendered => "rendered",
                Role::Template => "template",
                Role::Terraform => "terraform",
                Role::Values => "values",
                Role::Variable => "variable",
            };
            match (step.at, &step.text) {
                (Some(span), _) => format!("{role} {}", place(store, span)),
                (None, text) => format!("{role} {}", text.as_deref().unwrap_or_default()),
            }
        })
        .collect();
    steps.join(" < ")
}

fn place(store: &Store, span: Span) -> String {
    let file = store.sources.file(span.file);
    let name = file.path.trim_start_matches("chart/");
    let position = file.position(span.start);
    let mut text = store.sources.slice(span).replace('\n', "\\n");
    if text.len() > 40 {
        text.truncate((0..=37).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0));
        text.push_str("...");
    }
    format!("{name}:{}:{} `{text}`", position.line, position.column)
}
