//! Compares our output for the charts of a corpus with what Helm's engine printed: `parity CORPUS [NAME]`. Prints a table:
//! verdict, chart, values set, and what there is to say about it.
//!
//! CORPUS holds `helm/CHART/` and `helm-goldens/CHART/VALUES.out.gz`, VALUES being `default` or the path of a values
//! file with `__` for `/`. NAME narrows it to the charts whose name holds it.

#[path = "../tests/support/mod.rs"]
mod support;

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use iac_helm::Chart;
use iac_model::Store;
use support::{Render, comparable_error, first_difference, read_tree, render_set, unzip};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let corpus = PathBuf::from(arguments.next().unwrap_or_else(|| "../shared/corpus".into()));
    let narrow = arguments.next();
    let mut out = std::io::stdout().lock();
    let mut counts = std::collections::BTreeMap::new();
    let started = Instant::now();
    let mut names: Vec<_> =
        std::fs::read_dir(corpus.join("helm-goldens"))?.flatten().map(|e| e.file_name()).collect();
    names.sort();
    for name in names {
        let name = name.to_string_lossy().into_owned();
        if narrow.as_ref().is_some_and(|narrow| !name.contains(narrow.as_str())) {
            continue;
        }
        let tree = read_tree(&corpus.join("helm").join(&name))?;
        let store = Store::new();
        let (chart, problems) = Chart::load(&store, &tree, "");
        let Some(chart) = chart else {
            writeln!(out, "only we fail\t{name}\t\t{problems:?}")?;
            *counts.entry("only we fail").or_insert(0) += 1;
            continue;
        };
        let mut goldens: Vec<_> =
            std::fs::read_dir(corpus.join("helm-goldens").join(&name))?.flatten().map(|e| e.path()).collect();
        goldens.sort();
        for golden in goldens {
            let set = golden.file_name().unwrap_or_default().to_string_lossy().replace(".out.gz", "");
            let expected = unzip(&golden)?;
            let begun = Instant::now();
            let result = render_set(&store, &tree, &chart, &set);
            let took = begun.elapsed();
            let (verdict, detail) = compare(result, &expected);
            *counts.entry(verdict).or_insert(0) += 1;
            writeln!(out, "{verdict}\t{name}\t{set}\t{took:.1?}\t{detail}")?;
        }
    }
    writeln!(out, "{counts:?} in {:.1?}", started.elapsed())
}

/// What the table says of one render, with the first difference or the reason.
fn compare(ours: Result<Render, String>, theirs: &[u8]) -> (&'static str, String) {
    match (ours, theirs.strip_prefix(b"Error: ")) {
        (Ok(ours), None) if ours.bytes == theirs && ours.is_masked => {
            ("masked equal", "what is random or a certificate is the same constant on both sides".into())
        }
        (Ok(ours), None) if ours.bytes == theirs => ("equal", String::new()),
        (Ok(ours), None) => ("differs", first_difference(&ours.bytes, theirs)),
        (Ok(_), Some(theirs)) => ("only helm fails", reason(&String::from_utf8_lossy(theirs))),
        (Err(ours), None) => ("only we fail", reason(&ours)),
        (Err(ours), Some(theirs)) => {
            let theirs = String::from_utf8_lossy(theirs);
            let same = comparable_error(&ours) == comparable_error(&theirs);
            (if same { "both fail" } else { "both fail in other words" }, reason(&theirs))
        }
    }
}

/// The first line of an error.
fn reason(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
