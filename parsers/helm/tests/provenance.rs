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

/// The values of the chart below; the number of a line is what each case expects.
const VALUES: &str = "\
word: alpha
other: beta
map: {p: gamma, w: delta}
list: [epsilon, zeta]
text: 'inner {{ .Values.word }}'
yaml: 'k: omega'
empty: ''
json: '{\"k\": \"omicron\"}'
lines: |
  first
  second
";

/// An expression, then each piece of what it prints with the line of `values.yaml` that made it.
const KEPT: &[(&str, &[(&str, u32)])] = &[
    (r#"include "h" ."#, &[("alpha", 1)]),
    (r#"include "h" . | nindent 2"#, &[("alpha", 1)]),
    (r#"include "map" . | fromYaml | toYaml"#, &[("alpha", 1), ("beta", 2)]),
    (r#"tpl .Values.text ."#, &[("inner", 5), ("alpha", 1)]),
    (r#"tpl (toYaml .Values.map) ."#, &[("gamma", 3), ("delta", 3)]),
    (r#"toYaml .Values.map"#, &[("p", 3), ("gamma", 3), ("delta", 3)]),
    (r#"toYaml .Values.list"#, &[("epsilon", 4), ("zeta", 4)]),
    (r#"toYaml .Values.map | nindent 4"#, &[("gamma", 3), ("delta", 3)]),
    (r#"toYaml .Values.map | indent 4"#, &[("gamma", 3), ("delta", 3)]),
    (r#".Values.lines | nindent 4"#, &[("first", 10), ("second", 11)]),
    (r#".Values.word | quote"#, &[("alpha", 1)]),
    (r#".Values.word | squote"#, &[("alpha", 1)]),
    (r#".Values.empty | default .Values.word"#, &[("alpha", 1)]),
    (r#".Values.word | default "d""#, &[("alpha", 1)]),
    (r#"coalesce .Values.empty .Values.other"#, &[("beta", 2)]),
    (r#"ternary .Values.word .Values.other true"#, &[("alpha", 1)]),
    (r#"required "why" .Values.word"#, &[("alpha", 1)]),
    (r#"printf "%s-%s" .Values.word .Values.other"#, &[("alpha", 1), ("beta", 2)]),
    (r#"printf "%v %d" .Values.word 3"#, &[("alpha", 1)]),
    (r#"print .Values.word .Values.other"#, &[("alpha", 1), ("beta", 2)]),
    (r#"cat .Values.word .Values.other"#, &[("alpha", 1), ("beta", 2)]),
    (r#".Values.word | trim"#, &[("alpha", 1)]),
    (r#".Values.word | trimAll "a""#, &[("lph", 1)]),
    (r#".Values.word | trimPrefix "al""#, &[("pha", 1)]),
    (r#".Values.word | trimSuffix "ha""#, &[("alp", 1)]),
    (r#".Values.word | trunc 3"#, &[("alp", 1)]),
    (r#".Values.word | trunc -3"#, &[("pha", 1)]),
    (r#"substr 1 3 .Values.word"#, &[("lp", 1)]),
    (r#".Values.word | replace "lp" .Values.other"#, &[("a", 1), ("beta", 2), ("ha", 1)]),
    (r#"join "," .Values.list"#, &[("epsilon", 4), ("zeta", 4)]),
    (r#"join "," (list .Values.word .Values.other)"#, &[("alpha", 1), ("beta", 2)]),
    (r#".Values.word | upper"#, &[("ALPHA", 1)]),
    (r#".Values.word | title"#, &[("Alpha", 1)]),
    (r#"merge (dict "q" "v") .Values.map | toYaml"#, &[("gamma", 3), ("delta", 3)]),
    (r#"mergeOverwrite (dict "p" "v") .Values.map | toYaml"#, &[("gamma", 3), ("delta", 3)]),
    (r#"dict "k" .Values.word | toYaml"#, &[("alpha", 1)]),
    (r#"list .Values.word .Values.other | toYaml"#, &[("alpha", 1), ("beta", 2)]),
    (r#"set (dict) "k" .Values.word | toYaml"#, &[("alpha", 1)]),
    (r#"get .Values.map "p""#, &[("gamma", 3)]),
    (r#"dig "map" "w" "none" (.Values.AsMap)"#, &[("delta", 3)]),
    (r#"index .Values.list 1"#, &[("zeta", 4)]),
    (r#"first .Values.list"#, &[("epsilon", 4)]),
    (r#"last .Values.list"#, &[("zeta", 4)]),
    (r#"pick .Values.map "p" | toYaml"#, &[("gamma", 3)]),
    (r#"omit .Values.map "p" | toYaml"#, &[("delta", 3)]),
    (r#"pluck "p" .Values.map | toYaml"#, &[("gamma", 3)]),
    (r#"values .Values.map | toYaml"#, &[("gamma", 3), ("delta", 3)]),
    (r#"keys .Values.map | sortAlpha | join ",""#, &[("p", 3), ("w", 3)]),
    (r#"append .Values.list .Values.word | toYaml"#, &[("epsilon", 4), ("alpha", 1)]),
    (r#"concat .Values.list (list .Values.word) | toYaml"#, &[("zeta", 4), ("alpha", 1)]),
    (r#"deepCopy .Values.map | toYaml"#, &[("gamma", 3), ("delta", 3)]),
    (r#"fromYaml (toYaml .Values.map) | toYaml"#, &[("gamma", 3), ("delta", 3)]),
    (r#"fromYaml .Values.yaml | toYaml"#, &[("omega", 6)]),
    (r#"fromJson (toJson .Values.map) | toJson"#, &[("gamma", 3), ("delta", 3)]),
    (r#"(fromJson .Values.json).k"#, &[("omicron", 8)]),
    (r#"toJson .Values.map"#, &[("gamma", 3), ("delta", 3)]),
    (r#"splitList "p" .Values.word | join "-""#, &[("al", 1), ("ha", 1)]),
    (r#"(split "p" .Values.word)._1"#, &[("ha", 1)]),
    (r#"regexFind "l.h" .Values.word"#, &[("lph", 1)]),
    (r#"toString .Values.word"#, &[("alpha", 1)]),
    (r#".Values.word | b64enc"#, &[("YWxwaGE=", 1)]),
    (r#".Values.word | b64enc | b64dec"#, &[("alpha", 1)]),
    (
        r#".Values.word | sha256sum"#,
        &[("8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8", 1)],
    ),
];

/// Renders a chart of these files as it is.
fn rendered<const N: usize>(store: &Store, files: [(&str, String); N]) -> Rendered {
    let mut tree = iac_model::Tree::new();
    let chart = "apiVersion: v2\nname: web\nversion: 1.0.0\n";
    tree.insert("web/Chart.yaml", iac_model::TreeEntry::file(chart.as_bytes()));
    for (path, text) in files {
        tree.insert(path, iac_model::TreeEntry::file(text.into_bytes()));
    }
    let (chart, _) = Chart::load(store, &tree, "web");
    let name = |text| iac_model::Text::new(text, store.origins.argument(text));
    let instance = iac_helm::Instance::new(name("r"), name("default"));
    render(store, &chart.expect("the chart can be loaded"), &instance)
}

/// A named template of a list with branches that are not taken.
const CONTAINERS: &str = r#"
{{- define "resources" }}
{{- with .Values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- define "containers" -}}
{{- range .Values.names }}
- name: {{ . }}
  {{- if eq . "b" }}
  env: []
  {{- end }}
  {{- with $.Values.securityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- include "resources" $ | nindent 2 }}
{{- end }}
{{- end }}
{{- define "labels" }}
{{- if .Values.env }}
env: {{ .Values.env }}
{{- end }}
{{- end }}"#;

#[test]
fn what_a_branch_left_out_belongs_to_the_mapping_that_it_stands_in() {
    let store = Store::new();
    let pod = "spec:\n  containers:\n    {{- include \"containers\" . | nindent 4 }}\n";
    let labels = "metadata:\n  labels:\n    {{- include \"labels\" . | nindent 4 }}\n    app: x\n";
    let files = [
        ("web/values.yaml", "names: [a, b]\nresources: {}\nsecurityContext: {}\nenv: ''\n".to_string()),
        ("web/templates/_h.tpl", CONTAINERS.to_string()),
        ("web/templates/a.yaml", format!("{labels}{pod}")),
    ];
    let rendered = rendered(&store, files);
    assert_eq!(rendered.failure, None);
    let body = &rendered.documents[0].body;
    let line_of = |value: Option<&iac_model::Value>, key: &str| {
        let origin = value?.as_map()?.absence(key)?;
        let trace = store.trace(origin);
        let span = trace.steps.iter().find(|step| step.role == Role::Values)?.at?;
        Some(store.sources.file(span.file).position(span.start).line)
    };
    let get = |path: &[&str]| path.iter().try_fold(body, |value, key| value.as_map()?.get(*key));
    let containers = get(&["spec", "containers"]).and_then(|list| list.as_list()).expect("it is a list");
    for container in containers {
        assert_eq!(line_of(Some(container), "securityContext"), Some(3));
        // Of the mapping around an include nothing is written in the template that has the branch.
        assert_eq!(line_of(Some(container), "resources"), None);
    }
    assert_eq!(line_of(Some(&containers[0]), "env"), Some(1), "one of the two has it");
    assert_eq!(line_of(Some(&containers[1]), "env"), None);
    assert_eq!(line_of(get(&["metadata", "labels"]), "env"), Some(4), "an include that prints only blanks");
    assert_eq!(line_of(Some(body), "env"), None);
}

#[test]
fn functions_keep_the_source_map() {
    let mut wrong = Vec::new();
    for (expression, expected) in KEPT {
        let store = Store::new();
        let files = [
            ("web/values.yaml", VALUES.to_string()),
            (
                "web/templates/_h.tpl",
                "{{ define \"h\" }}{{ .Values.word }}{{ end }}\
                 {{ define \"map\" }}a: {{ .Values.word }}\nb: {{ .Values.other | quote }}{{ end }}"
                    .to_string(),
            ),
            // Notes take whatever is printed, YAML or not.
            ("web/templates/NOTES.txt", format!("{{{{ {expression} }}}}\n")),
        ];
        let rendered = rendered(&store, files);
        let failed = rendered.problems.iter().find(|problem| problem.code.starts_with("template"));
        assert_eq!(failed, None, "{expression}");
        let text = rendered.notes.expect("there are notes");
        let mut from = 0;
        for (piece, line) in *expected {
            let found = text.bytes()[from..].windows(piece.len()).position(|part| part == piece.as_bytes());
            let start = from + found.unwrap_or_else(|| panic!("{expression}: no {piece} in {text:?}"));
            from = start + piece.len();
            for (range, run) in text.runs_in(start..from) {
                let origin = match run.base() {
                    Some(base) => store.origins.narrow(run.origin, base, range.len()),
                    None => run.origin,
                };
                let trace = store.trace(origin);
                let lines: Vec<u32> = trace.steps[..trace.makers]
                    .iter()
                    .filter(|step| step.role == Role::Values)
                    .filter_map(|step| step.at)
                    .map(|span| store.sources.file(span.file).position(span.start).line)
                    .collect();
                // The action of a text that `tpl` runs stands in a values file, too.
                let precise = lines.len() == 1 || expression.starts_with("tpl");
                if lines.first() != Some(line) || !precise {
                    wrong.push(format!("{expression}: {piece} comes from lines {lines:?}, not {line}"));
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0], "of {}", KEPT.len());
}
