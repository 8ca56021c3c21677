//! Compares our output for public charts with Helm's: `parity DIRECTORY [NAME] [-- HELM'S ARGUMENTS]`. Prints a table:
//! verdict, chart, values set, time of ours, and what there is to say about it. NAME narrows it to the charts whose name
//! holds it.
//!
//! DIRECTORY is a corpus with recorded renders ([`corpus`]), or holds any charts, which the helm command at `$HELM`
//! renders now ([`charts`]).

#[path = "../../tests/support/mod.rs"]
mod support;

mod charts;
mod corpus;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use support::{Render, comparable_error, first_difference};

fn main() -> std::io::Result<()> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let arguments = match words.iter().position(|word| word == "--") {
        Some(at) => words.split_off(at).split_off(1),
        None => Vec::new(),
    };
    let [directory, narrow @ ..] = words.as_slice() else {
        support::say("usage: parity DIRECTORY [NAME] [-- HELM'S ARGUMENTS]");
        std::process::exit(2);
    };
    let directory = Path::new(directory);
    let narrow = narrow.first().map_or("", String::as_str);
    let mut table = Table { counts: BTreeMap::new(), started: Instant::now() };
    match directory.join("helm-goldens").is_dir() {
        true => corpus::compare(directory, narrow, &mut table)?,
        false => charts::compare(directory, narrow, &arguments, &mut table)?,
    }
    table.finish()
}

/// The table as it is printed.
struct Table {
    counts: BTreeMap<&'static str, usize>,
    started: Instant,
}

impl Table {
    fn row(&mut self, chart: &str, set: &str, took: Duration, verdict: &Verdict) -> std::io::Result<()> {
        let (word, detail) = verdict;
        *self.counts.entry(word).or_insert(0) += 1;
        writeln!(std::io::stdout(), "{word}\t{chart}\t{set}\t{took:.1?}\t{detail}")
    }

    fn finish(self) -> std::io::Result<()> {
        let Self { counts, started } = self;
        writeln!(std::io::stdout(), "{counts:?} in {:.1?}", started.elapsed())
    }
}

/// What the table says of one render, with the first difference or the reason.
type Verdict = (&'static str, String);

/// Compares a render, or why it failed, with Helm's.
fn verdict(ours: Result<Render, String>, theirs: Result<&[u8], &str>) -> Verdict {
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) if ours.bytes == theirs && ours.generated.is_empty() => {
            ("equal", String::new())
        }
        (Ok(ours), Ok(theirs)) if ours.bytes == theirs => {
            ("masked equal", "what is random or a certificate is the same constant on both sides".into())
        }
        (Ok(ours), Ok(theirs)) if ours.fits(theirs) => {
            ("masked equal", "but for what is random or a certificate".into())
        }
        (Ok(ours), Ok(theirs)) => ("differs", first_difference(&ours.bytes, theirs)),
        (Ok(_), Err(theirs)) => ("only helm fails", reason(theirs)),
        (Err(ours), Ok(_)) => ("only we fail", reason(&ours)),
        (Err(ours), Err(theirs)) => match comparable_error(&ours) == comparable_error(theirs) {
            true => ("both fail", reason(theirs)),
            false => {
                ("both fail in other words", format!("ours {:?}, helm's {:?}", reason(&ours), reason(theirs)))
            }
        },
    }
}

/// An error in one line.
fn reason(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" / ")
}
