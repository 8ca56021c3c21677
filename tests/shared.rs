//! Whole scans of the public charts, the Terraform and the scenarios that stand beside the checkout.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;

use support::{run, sarif, shared};

const ALL: [&str; 7] =
    ["--persona", "auditor", "--min-severity", "info", "--min-confidence", "low", "--exit-zero"];

fn scan(directory: &Path, jobs: &str) -> (i32, String, String) {
    run(directory, &[&["scan", ".", "--format", "sarif", "--jobs", jobs][..], &ALL].concat())
}

#[test]
fn reports_on_scenarios_hold_and_do_not_depend_on_the_number_of_threads() {
    let Some(shared) = shared() else { return };
    let mut scanned = 0;
    for entry in fs::read_dir(shared.join("scenarios")).expect("there are scenarios").flatten() {
        let directory = entry.path();
        if !directory.join("expected.json").is_file() {
            continue;
        }
        let (code, one, errors) = scan(&directory, "1");
        assert_eq!(code, 0, "{}: {errors}", directory.display());
        let log: Value = serde_json::from_str(&one).expect("it is JSON");
        assert_eq!(sarif::faults(&log, &directory), Vec::<String>::new(), "{}", directory.display());
        assert!(scan(&directory, "2").1 == one, "{}", directory.display());
        scanned += 1;
    }
    assert!(scanned >= 8, "only {scanned} scenarios");
}

#[test]
fn the_corpus_is_scanned_to_its_end() {
    let Some(shared) = shared() else { return };
    let corpus = shared.join("corpus");
    let (code, out, errors) = scan(&corpus, "2");
    assert_eq!(code, 0, "{errors}");
    let log: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(sarif::faults(&log, &corpus), Vec::<String>::new());
    assert!(sarif::places(&log) > 1000);
    let notifications = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    let internal = notifications.as_array().into_iter().flatten();
    let internal: Vec<&Value> = internal.filter(|one| one["descriptor"]["id"] == "internal").collect();
    assert!(internal.is_empty(), "{internal:?}");
    // Of 349 charts with their values, those that Helm itself refuses by `required` and `fail` are left.
    let charts = errors.split(" of ").nth(1).and_then(|rest| rest.rsplit('(').next()).expect("the summary");
    let rendered: u32 = charts.parse().expect("a number of charts");
    assert!(rendered > 330, "{errors}");
}
