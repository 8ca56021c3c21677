//! Where findings on public charts are placed: lines that a person would edit, checked by hand.
//!
//! `locations.tsv` has a finding a line: chart, rule, address, place, the values key if one decides. It has all that a
//! scan reports of these charts, and some of what only auditors see. The charts stand beside the checkout, not in it;
//! nothing of their text is here.

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use support::{run, shared};

#[test]
fn findings_on_public_charts_stand_where_a_person_would_edit() {
    let Some(shared) = shared() else { return };
    let corpus = shared.join("corpus/helm");
    let mut charts: BTreeMap<&str, Vec<[&str; 4]>> = BTreeMap::new();
    for line in include_str!("locations.tsv").lines().filter(|line| !line.starts_with('#')) {
        let [chart, rule, address, place, key] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("five columns: {line}")
        };
        charts.entry(chart).or_default().push([rule, address, place, key]);
    }
    assert!(charts.len() >= 10, "only {} charts", charts.len());
    let mut wrong = Vec::new();
    for (chart, expected) in charts {
        let findings = scan(&corpus, chart, &AUDITOR);
        for finding in scan(&corpus, chart, &[]) {
            let (rule, place) = (finding["rule"].as_str().unwrap_or_default(), shown(chart, &finding));
            let known = |[known, _, at, key]: &[&str; 4]| *known == rule && format!("{at} {key}") == place;
            if !expected.iter().any(known) {
                wrong.push(format!("{chart}: {rule} at {place} is not in the list"));
            }
        }
        for [rule, address, place, key] in expected {
            let about = findings.iter().filter(|finding| {
                let instances = finding["instances"].as_array().into_iter().flatten();
                finding["rule"] == rule && instances.into_iter().any(|one| self::address(one) == address)
            });
            let found: Vec<String> = about.map(|finding| shown(chart, finding)).collect();
            if !found.iter().any(|one| *one == format!("{place} {key}")) {
                wrong.push(format!("{chart}: {rule} of {address}: expected {place} {key}, found {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const AUDITOR: [&str; 6] = ["--persona", "auditor", "--min-severity", "info", "--min-confidence", "low"];

/// The findings of a chart with its default values.
fn scan(corpus: &Path, chart: &str, more: &[&str]) -> Vec<Value> {
    let arguments = ["scan", chart, "--no-config", "--no-respect-gitignore", "--set", "nothing=1"];
    let (code, out, err) = run(corpus, &[&arguments, more, &["--exit-zero", "--format", "json"]].concat());
    assert_eq!(code, 0, "{chart}: {err}");
    let mut document: Value = serde_json::from_str(&out).expect("it is JSON");
    document["findings"].as_array_mut().map(std::mem::take).unwrap_or_default()
}

fn address(instance: &Value) -> String {
    let resource = instance["resource"].as_str().unwrap_or_default();
    match instance["container"].as_str() {
        Some(container) => format!("{resource}#{container}"),
        None => resource.to_owned(),
    }
}

/// The place and the values key of a finding; the place is relative to the chart.
fn shown(chart: &str, finding: &Value) -> String {
    let path = finding["location"]["path"].as_str().unwrap_or("-");
    let path = path.split_once(&format!("{chart}/")).map_or(path, |(_, inside)| inside);
    let key = finding["values_key"].as_str().unwrap_or("-");
    format!("{path}:{} {key}", finding["location"]["line"])
}
