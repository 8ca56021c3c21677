//! `iac-scan render --source-map`: every byte of a chart has a place.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{program, repository, run, shared};

/// Renders a chart and its source map; checks that the pieces cover the output and that each has a place. `None`
/// where the chart is refused.
fn check(directory: &Path, arguments: &[&str]) -> Option<usize> {
    let rendered = program(directory, arguments).output().expect("it runs");
    if !rendered.status.success() {
        return None;
    }
    let output = rendered.stdout;
    let (code, map, err) = run(directory, &[arguments, &["--source-map", "json"]].concat());
    assert_eq!(code, 0, "{arguments:?}: {err}");
    let map: Value = serde_json::from_str(&map).expect("it is JSON");
    assert_eq!((&map["version"], &map["kind"]), (&Value::from(1), &Value::from("source-map")));
    assert_eq!(map["length"], output.len(), "{arguments:?}");
    let mut covered = 0;
    let mut line = 1;
    for piece in map["pieces"].as_array().expect("a list") {
        let offset = |name: &str| piece[name].as_u64().expect("a number") as usize;
        let (start, end) = (offset("start"), offset("end"));
        assert_eq!(start, covered, "{arguments:?}: {piece}");
        assert!(end > start, "{arguments:?}: {piece}");
        assert_eq!(piece["text"], String::from_utf8_lossy(&output[start..end]).as_ref(), "{arguments:?}");
        assert_eq!(piece["line"], line, "{arguments:?}: {piece}");
        line += output[start..end].iter().filter(|&&byte| byte == b'\n').count();
        let template = &piece["template"];
        assert!(template["path"].is_string() && template["line"].is_u64(), "{arguments:?}: {piece}");
        covered = end;
    }
    assert_eq!(covered, output.len(), "{arguments:?}");
    Some(output.len())
}

#[test]
fn every_byte_of_our_own_charts_has_a_place() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/charts");
    let mut count = 0;
    for entry in fs::read_dir(root).expect("there are charts") {
        let directory = entry.expect("it can be read").path();
        let Ok(cases) = fs::read_to_string(directory.join("cases")) else { continue };
        for case in cases.lines() {
            let Some((_, arguments)) = split(case) else { continue };
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let arguments = [&["render", "chart", "--release-name", "release-name"], &arguments[..]].concat();
            count += usize::from(check(&directory, &arguments).is_some());
        }
    }
    assert!(count >= 40, "only {count} charts rendered");
}

/// The name of a case and its arguments, with their quotes taken as xargs does.
fn split(case: &str) -> Option<(String, Vec<String>)> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = case.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            (character, Some(open)) if character == open => quote = None,
            ('\'' | '"', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            ('\\', None) => word.get_or_insert_default().extend(characters.next()),
            (' ', None) => words.extend(word.take()),
            (character, _) => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    let mut words = words.into_iter();
    Some((words.next()?, words.collect()))
}

#[test]
fn every_byte_of_public_charts_has_a_place() {
    let Some(shared) = shared() else { return };
    let corpus = shared.join("corpus/helm");
    for chart in [
        "argoproj_argo-helm__argo-events",
        "bitnami_charts__nginx",
        "coredns_helm__coredns",
        "kubernetes_ingress-nginx__ingress-nginx",
        "prometheus-community_helm-charts__kube-state-metrics",
    ] {
        let bytes = check(&corpus, &["render", chart, "--no-respect-gitignore"]);
        assert!(bytes.is_some_and(|bytes| bytes > 1000), "{chart}");
    }
}

#[test]
fn a_piece_names_its_template_its_keys_what_they_shadow_and_its_conditions() {
    let repository = repository(&[
        ("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("web/charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.0\n"),
        ("web/charts/db/values.yaml", "size: 1Gi\n"),
        (
            "web/charts/db/templates/a.yaml",
            "kind: Claim\n{{- if .Values.global.live }}\nsize: {{ include \"size\" . }}\n{{- end }}\n",
        ),
        ("web/charts/db/templates/_a.tpl", "{{ define \"size\" }}{{ .Values.size | quote }}{{ end }}"),
        ("web/values.yaml", "global: {live: true}\ndb:\n  size: 2Gi\n"),
        ("web/prod.yaml", "db:\n  size: 3Gi\n"),
    ]);
    let arguments = ["render", "web", "-f", "web/prod.yaml", "--source-map"];
    let (_, map, err) = run(repository.path(), &[&arguments[..], &["json"]].concat());
    assert_eq!(err, "");
    let map: Value = serde_json::from_str(&map).expect("it is JSON");
    let pieces = map["pieces"].as_array().expect("a list");
    let piece = pieces
        .iter()
        .find(|piece| piece["text"].as_str().is_some_and(|text| text.contains("3Gi")))
        .expect("the size is there");
    let at = |place: &Value| format!("{}:{}", place["path"].as_str().unwrap_or("-"), place["line"]);
    let all = |places: &Value| places.as_array().expect("a list").iter().map(at).collect::<Vec<_>>();
    assert_eq!(at(&piece["template"]), "web/charts/db/templates/_a.tpl:1");
    assert_eq!(all(&piece["frames"]), ["web/charts/db/templates/a.yaml:3"]);
    let used = &piece["values"][0];
    assert_eq!((used["key"].as_str(), at(&used["location"])), (Some("db.size"), "web/prod.yaml:2".into()));
    assert_eq!(all(&used["shadows"]), ["web/values.yaml:3", "web/charts/db/values.yaml:1"]);
    let condition = &piece["conditions"][0];
    assert_eq!(at(&condition["location"]), "web/charts/db/templates/a.yaml:2");
    assert_eq!(condition["values"][0]["key"], "global.live");
    let argument = ["render", "web", "--set", "db.size=4Gi,x=1", "--source-map", "json"];
    let (_, map, _) = run(repository.path(), &argument);
    let map: Value = serde_json::from_str(&map).expect("it is JSON");
    let pieces = map["pieces"].as_array().expect("a list");
    let piece = pieces
        .iter()
        .find(|piece| piece["text"].as_str().is_some_and(|text| text.contains("4Gi")))
        .expect("the size is there");
    let used = &piece["values"][0];
    let place = &used["location"];
    let argument = (&used["key"], &place["role"], &place["text"], &place["path"]);
    assert_eq!(argument, (&"db.size".into(), &"argument".into(), &"db.size=4Gi".into(), &Value::Null));
    assert_eq!(all(&used["shadows"]), ["web/values.yaml:3", "web/charts/db/values.yaml:1"]);
    let (_, text, _) = run(repository.path(), &[&arguments[..], &["text"]].concat());
    insta::assert_snapshot!("text", text);
}
