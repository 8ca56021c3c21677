//! Runs the checks, all at once.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use iac_checks::{Entry, Finding, Scan};
use iac_graph::Graph;
use iac_model::{Problem, ProblemSeverity, Store};
use rayon::prelude::*;

use crate::options::Stage;

/// Runs all checks in parallel and gives what they found in the order of the docs. A check that panics costs its own
/// findings and is a problem.
pub(crate) fn run(
    store: &Store,
    graph: &Graph<'_>,
    wanted: &HashSet<&'static str>,
    progress: &(dyn Fn(Stage) + Sync),
) -> (Vec<Finding>, Vec<Problem>) {
    let scan = Scan { store, graph };
    let entries: Vec<&'static Entry> = iac_checks::entries().collect();
    let done = AtomicUsize::new(0);
    let results: Vec<Result<Vec<Finding>, Problem>> = entries
        .par_iter()
        .map(|entry| {
            let found = guarded(entry.rules().first().map_or("", |rule| rule.id), || {
                iac_checks::run(entry, &scan, wanted)
            });
            progress(Stage::Checking(done.fetch_add(1, Ordering::Relaxed) + 1, entries.len()));
            found
        })
        .collect();
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(findings) => found.extend(findings),
            Err(problem) => failed.push(problem),
        }
    }
    (found, failed)
}

/// Runs `check`; a panic becomes a problem that names the rule.
fn guarded<T>(rule: &str, check: impl FnOnce() -> T) -> Result<T, Problem> {
    catch_unwind(AssertUnwindSafe(check)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
        let reason = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        let message = format!("the check of {rule} failed; please report it: {reason}");
        Problem::new("internal", ProblemSeverity::Lost, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_panics_is_a_problem() {
        let problem = guarded("some-rule", || -> u8 { panic!("no node {}", 7) }).expect_err("it panics");
        assert_eq!(problem.code, "internal");
        assert_eq!(problem.message, "the check of some-rule failed; please report it: no node 7");
        assert_eq!(guarded("some-rule", || 1).ok(), Some(1));
    }
}
