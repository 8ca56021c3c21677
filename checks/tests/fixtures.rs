//! Every rule fires on its bad fixtures, at the line that says so, and stays silent on its good ones.
//!
//! `testdata/rules/<id>/bad*` and `good*` hold one input each. A line on which a finding must start says
//! `# expect: <id>`; `# expect?: <id>` marks one that is only possible. A line may name several rules.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use iac_checks::{Certainty, Rule, Scan, entries, rules, run};
use iac_graph::{Graph, Settings};
use iac_load::{Loaded, Options, load};
use iac_model::{OriginId, Role, Store};

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/rules")
}

/// Where findings start: path, line, whether it is certain.
type Places = BTreeSet<(String, u32, bool)>;

/// Scans one fixture for one rule.
fn scan(directory: &Path, rule: &Rule) -> Places {
    let store = Store::new();
    let options = Options {
        root: directory.to_owned(),
        paths: vec![directory.to_owned()],
        respect_gitignore: false,
        ..Options::default()
    };
    let Loaded { resources, units, problems, .. } = load(&store, &options).expect("the fixture can be read");
    // Rules about charts from elsewhere need a chart from elsewhere.
    let readable = problems.iter().all(|problem| problem.code == "chart-not-on-disk");
    assert!(readable, "{}: {problems:#?}", directory.display());
    let graph = Graph::build(&store, &units, resources, settings(directory));
    let wanted: HashSet<&str> = [rule.id].into();
    let scan = Scan { store: &store, graph: &graph };
    entries()
        .flat_map(|entry| run(entry, &scan, &wanted))
        .map(|finding| {
            let (path, line) = place(&store, finding.primary.at);
            (path, line, finding.certainty == Certainty::Certain)
        })
        .collect()
}

/// A fixture may hold a `settings` file with lines such as `closed-world`, `kubernetes 1.31`, `as-of 2024-08-01`.
fn settings(directory: &Path) -> Settings {
    let mut settings = Settings { as_of: Some((2026, 11, 1)), ..Settings::default() };
    for line in fs::read_to_string(directory.join("settings")).unwrap_or_default().lines() {
        match line.split_once(' ') {
            Some(("kubernetes", version)) => {
                settings.kubernetes_version = iac_graph::KubernetesVersion::parse(version);
            }
            Some(("as-of", day)) => {
                let numbers: Vec<i32> = day.split('-').map(|number| number.parse().expect("a day")).collect();
                let [year, month, day] = numbers[..] else { panic!("{}: {line}", directory.display()) };
                settings.as_of = Some((year, month as u8, day as u8));
            }
            None if line == "closed-world" => settings.closed_world = true,
            _ => panic!("{}: unknown setting {line}", directory.display()),
        }
    }
    settings
}

/// The first place that a person can edit.
fn place(store: &Store, at: OriginId) -> (String, u32) {
    let trace = store.trace(at);
    let span = trace
        .steps
        .iter()
        .filter(|step| step.role != Role::Condition && step.role != Role::Rendered)
        .filter_map(|step| step.at)
        .find(|&span| store.is_editable(span))
        .expect("a fixture's findings are on disk");
    let file = store.sources.file(span.file);
    (file.path.clone(), file.position(span.start).line)
}

/// What the fixture's marks say.
fn marks(directory: &Path, id: &str) -> Places {
    let mut places = Places::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory_now) = open.pop() {
        for entry in
            fs::read_dir(&directory_now).expect("a directory").map(|entry| entry.expect("an entry").path())
        {
            if entry.is_dir() {
                open.push(entry);
                continue;
            }
            let Ok(text) = fs::read_to_string(&entry) else { continue };
            let path = entry.strip_prefix(directory).expect("inside").to_string_lossy().replace('\\', "/");
            for (number, line) in text.lines().enumerate() {
                for (mark, certain) in [("expect: ", true), ("expect?: ", false)] {
                    let Some((_, named)) = line.split_once(mark) else { continue };
                    let named = named.trim_end_matches("*/").trim_end_matches("*/}}");
                    if named.split([',', ' ']).any(|name| name == id) {
                        places.insert((path.clone(), number as u32 + 1, certain));
                    }
                }
            }
        }
    }
    places
}

#[test]
fn bad_fires_and_good_does_not() {
    let mut failures = Vec::new();
    let mut seen: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for rule in rules() {
        let counts = seen.entry(rule.id).or_default();
        let Ok(cases) = fs::read_dir(testdata().join(rule.id)) else { continue };
        let mut cases: Vec<PathBuf> = cases.map(|case| case.expect("an entry").path()).collect();
        cases.sort();
        for case in cases {
            let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let expected = marks(&case, rule.id);
            let found = scan(&case, rule);
            if name.starts_with("bad") {
                counts.0 += 1;
                if expected.is_empty() {
                    failures.push(format!("{}/{name}: no line says `expect: {}`", rule.id, rule.id));
                }
            } else if name.starts_with("good") {
                counts.1 += 1;
                assert!(expected.is_empty(), "{}/{name}: a good fixture expects nothing", rule.id);
            } else {
                failures.push(format!("{}/{name}: neither bad nor good", rule.id));
            }
            if expected != found {
                failures.push(format!("{}/{name}:\n  expected {expected:?}\n  found    {found:?}", rule.id));
            }
        }
    }
    for (id, (bad, good)) in seen {
        if bad == 0 || good == 0 {
            failures.push(format!("{id}: needs a bad and a good fixture"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_fixture_belongs_to_a_rule() {
    let known: HashSet<&str> = rules().map(|rule| rule.id).collect();
    for entry in fs::read_dir(testdata()).expect("the fixtures") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(known.contains(name.as_str()), "testdata/rules/{name}: no rule has this id");
    }
}

#[test]
fn ids_are_unique_and_well_formed() {
    let mut ids = HashSet::new();
    for rule in rules() {
        for id in std::iter::once(&rule.id).chain(rule.aliases) {
            assert!(ids.insert(*id), "{id} stands twice");
            assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{id}");
            assert!(
                !["no-", "disallow-", "check-", "ensure-"].iter().any(|verb| id.starts_with(verb)),
                "{id}"
            );
        }
    }
}

#[test]
fn docs_have_their_sections_and_fit_code_scanning() {
    for rule in rules() {
        let summary = rule.summary();
        assert!(summary.ends_with('.') && summary.len() <= 300, "{}: summary: {summary}", rule.id);
        let headings: Vec<String> =
            rule.markdown().lines().filter_map(|line| line.strip_prefix("## ").map(str::to_owned)).collect();
        assert_eq!(headings, ["Why it matters", "How to fix", "References"], "{}", rule.id);
        for heading in &headings {
            assert!(rule.section(heading).is_some_and(|text| !text.is_empty()), "{}: {heading}", rule.id);
        }
        assert!(!rule.title.ends_with('.') && rule.title.len() <= 100, "{}: title", rule.id);
        assert!(rule.tags.len() <= 6, "{}: code scanning shows at most ten tags, four are ours", rule.id);
    }
}

#[test]
fn a_rule_with_a_file_of_its_own_is_called_like_it() {
    for entry in entries() {
        if let iac_checks::Entry::One(rule, _) = entry {
            let stem =
                Path::new(rule.file).file_stem().unwrap_or_default().to_string_lossy().replace('_', "-");
            assert_eq!(stem, rule.id, "{}", rule.file);
        }
    }
}
