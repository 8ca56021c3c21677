//! Public charts against what Helm v4.2.4 prints for them: defaults and each of their `ci` values files.
//!
//! The charts stand beside the checkout, not in it. `testdata/corpus.tsv` has the hash of each render, made by Helm's
//! engine with its random functions pinned; a chart that Helm refuses must be refused.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Mutex;

use iac_helm::Chart;
use iac_model::Store;
use sha2::{Digest, Sha256};

#[test]
fn the_corpus_renders_to_the_bytes_of_helm() {
    let Some(corpus) = support::corpus() else {
        support::say("skipped: there are no public charts at ../shared/corpus or $IAC_SCAN_SHARED/corpus");
        return;
    };
    let list = include_str!("../../../testdata/corpus.tsv");
    let mut charts: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let [chart, set, hash] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three columns: {line}")
        };
        charts.entry(chart).or_default().push((set, hash));
    }
    let total: usize = charts.values().map(Vec::len).sum();
    assert!(total >= 350, "the list has only {total} renders");
    let open: Mutex<Vec<_>> = Mutex::new(charts.into_iter().collect());
    let wrong = Mutex::new(String::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let Some((chart, sets)) = open.lock().expect("no panic before").pop() else { return };
                    let complaints = check(&corpus, chart, &sets);
                    wrong.lock().expect("no panic before").push_str(&complaints);
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no panic before");
    assert!(wrong.is_empty(), "renders that differ, of {total}:\n{wrong}");
}

fn check(corpus: &Path, name: &str, sets: &[(&str, &str)]) -> String {
    let mut complaints = String::new();
    let tree = support::read_tree(&corpus.join("helm").join(name)).expect("the chart can be read");
    let store = Store::new();
    let (chart, problems) = Chart::load(&store, &tree, "");
    let chart = chart.unwrap_or_else(|| panic!("{name} cannot be loaded: {problems:?}"));
    let calm = iac_gotemplate::Limits::default().calm;
    for (set, expected) in sets {
        let complaint = match support::render_set(&store, &tree, &chart, set) {
            Err(_) if *expected == "refused" => continue,
            Err(message) => format!("only we fail: {message}"),
            Ok(_) if *expected == "refused" => "only helm fails".into(),
            // No chart that people use comes near the point from which time counts.
            Ok(ours) if ours.steps > calm / 4 => format!("{} steps", ours.steps),
            Ok(ours) if hash(&ours.bytes) == *expected => continue,
            Ok(ours) => {
                let golden = corpus.join("helm-goldens").join(name).join(format!("{set}.out.gz"));
                support::unzip(&golden).map_or_else(
                    |_| "another hash".into(),
                    |theirs| support::first_difference(&ours.bytes, &theirs),
                )
            }
        };
        let _ = writeln!(complaints, "{name}\t{set}\t{complaint}");
    }
    complaints
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
