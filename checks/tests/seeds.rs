//! The examples of the OWASP Kubernetes Top Ten: each insecure file gives findings of its risk, secure ones none of
//! medium severity or above.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use iac_checks::{Finding, Owasp, Persona, Scan, Severity, entries, rules, run};
use iac_graph::{Graph, Settings};
use iac_load::{Loaded, Options, load};
use iac_model::Store;

/// The risks whose examples are asked for.
const RISKS: [Owasp; 10] = Owasp::ALL;

fn seeds(risk: Owasp, case: &str) -> PathBuf {
    let risk = risk.id().to_ascii_lowercase();
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/seeds").join(risk).join(case)
}

/// The findings of the default persona with the file each starts in.
fn scan(directory: &Path) -> Vec<(Finding, String)> {
    let store = Store::new();
    let options =
        Options { root: directory.to_owned(), paths: vec![directory.to_owned()], ..Options::default() };
    let Loaded { resources, units, problems, .. } = load(&store, &options).expect("the examples can be read");
    // Snippets refer to resources that stand elsewhere.
    assert!(problems.iter().all(|problem| problem.code == "terraform-reference"), "{problems:#?}");
    let graph = Graph::build(&store, &units, resources, Settings::default());
    let scan = Scan { store: &store, graph: &graph };
    let wanted: HashSet<&str> =
        rules().filter(|rule| rule.persona == Persona::Default).map(|rule| rule.id).collect();
    let found = entries().flat_map(|entry| run(entry, &scan, &wanted));
    found
        .map(|finding| {
            let span = store.origins.place(finding.primary.at).expect("it is written");
            let path = store.sources.file(span.file).path.clone();
            (finding, path)
        })
        .collect()
}

#[test]
fn insecure_examples_are_found() {
    for risk in RISKS {
        let directory = seeds(risk, "insecure");
        let files: BTreeSet<String> = std::fs::read_dir(&directory)
            .expect("the examples")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        let found = scan(&directory);
        let of_risk = found.iter().filter(|(finding, _)| finding.rule.risks().any(|one| one == risk));
        let hit: BTreeSet<String> = of_risk.map(|(_, path)| path.clone()).collect();
        assert_eq!(files, hit, "{risk}");
    }
}

#[test]
fn secure_examples_are_quiet() {
    for risk in RISKS {
        let found = scan(&seeds(risk, "secure"));
        let loud = found.iter().filter(|(finding, _)| {
            finding.rule.owasp == Some(risk) && finding.rule.severity >= Severity::Medium
        });
        let loud: Vec<String> = loud.map(|(finding, path)| format!("{path}: {}", finding.message)).collect();
        assert!(loud.is_empty(), "{risk}: {loud:#?}");
    }
}
