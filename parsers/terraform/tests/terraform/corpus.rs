//! Every root of the shared corpus evaluates. Needs `../shared` beside the checkout, or its path in
//! `IAC_SCAN_SHARED`.

use std::collections::BTreeMap;
use std::time::Instant;

use iac_model::Store;
use iac_terraform::{Inputs, Project};

use crate::scan;

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
    let mut reasons: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    let (mut resources, mut calls) = (0, 0);
    let mut slow = Vec::new();
    for root in &roots {
        let inputs = Inputs { symbol_scope: format!("{}//", root.directory), ..Inputs::default() };
        let begun = Instant::now();
        let evaluated = project.evaluate(&root.directory, &inputs);
        slow.push((begun.elapsed(), root.directory.clone(), evaluated.resources.len()));
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
            let entry = reasons.entry(problem.code).or_insert((0, format!("{place}: {}", problem.message)));
            entry.0 += 1;
        }
    }
    let took = started.elapsed();
    slow.sort();
    println!("{} roots, {resources} resources, {calls} module calls, {took:?}", roots.len());
    for (code, (count, example)) in &reasons {
        println!("{count:6} {code:28} {example}");
    }
    for (took, root, count) in slow.iter().rev().take(5) {
        println!("{took:?} {root} {count}");
    }
    assert!(roots.len() > 50 && resources > 2000, "the corpus is incomplete");
}
