//! Every file of the shared corpus parses and every root evaluates; prints what is not known by reason. Needs
//! `../shared` beside the checkout, or its path in `IAC_SCAN_SHARED`.

use std::collections::BTreeMap;
use std::time::Instant;

use iac_model::{ProblemSeverity, Store};
use iac_terraform::{Inputs, Project, RootKind};

use crate::scan;

/// Files that are links elsewhere, which the copies in the corpus hold as text.
const NO_CONFIGURATION: &str = "terraform-azurerm-aks/unit-test-fixture/";

#[test]
fn every_root_of_the_corpus_evaluates() {
    let Some(shared) = scan::shared() else {
        println!("skipped: there is no ../shared");
        return;
    };
    let tree = scan::tree(&shared.join("corpus/terraform"));
    let store = Store::new();
    let started = Instant::now();
    let project = Project::new(&store, &tree);
    let roots = project.roots();
    // By reason: how often in roots, how often in libraries, an example.
    let mut reasons: BTreeMap<&str, ([usize; 2], String)> = BTreeMap::new();
    let (mut kinds, mut resources, mut calls) = ([0, 0], 0, 0);
    let (mut slow, mut broken) = (Vec::new(), Vec::new());
    for root in &roots {
        let inputs = Inputs { symbol_scope: format!("{}//", root.directory), ..Inputs::default() };
        let begun = Instant::now();
        let evaluated = project.evaluate(&root.directory, &inputs);
        slow.push((begun.elapsed(), root.directory.clone(), evaluated.resources.len()));
        let kind = usize::from(root.kind == RootKind::Library);
        kinds[kind] += 1;
        resources += evaluated.resources.len();
        calls += evaluated.calls.len();
        for problem in evaluated.problems {
            let place = problem.at.map_or_else(String::new, |at| {
                let file = store.sources.file(at.file);
                format!("{}:{}", file.path, file.position(at.start).line)
            });
            if std::env::var_os("IAC_SCAN_VERBOSE").is_some() {
                println!("{} [{}] {place}: {}", root.directory, problem.code, problem.message);
            }
            let is_syntax = problem.code == "hcl-syntax" && !place.starts_with(NO_CONFIGURATION);
            if is_syntax || problem.severity == ProblemSeverity::Lost {
                broken.push(format!("{place}: {}", problem.message));
            }
            let entry =
                reasons.entry(problem.code).or_insert(([0, 0], format!("{place}: {}", problem.message)));
            entry.0[kind] += 1;
        }
    }
    let took = started.elapsed();
    slow.sort();
    let [applied, libraries] = kinds;
    println!(
        "{applied} roots and {libraries} libraries: {resources} resources, {calls} module calls, {took:?}"
    );
    println!(" roots libraries reason");
    for (code, ([in_roots, in_libraries], example)) in &reasons {
        println!("{in_roots:6} {in_libraries:9} {code:28} {example}");
    }
    for (took, root, count) in slow.iter().rev().take(5) {
        println!("{took:?} {root} {count}");
    }
    assert!(applied > 50 && resources > 2000, "the corpus is incomplete");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
