//! `iac-scan trace FILE:LINE`: what a line takes part in.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use iac_model::Store;
use serde_json::Value;

use super::args::{InputArgs, RunArgs};
use super::{Error, Exit, inspect, output};
use crate::locate::Locator;
use crate::outcome::Place;
use crate::report;
use crate::uses::{self, Part, Uses};

/// What `trace` takes.
#[derive(Debug, Args)]
pub(super) struct TraceArgs {
    /// The line, as FILE:LINE.
    #[arg(value_name = "FILE:LINE")]
    line: String,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    run: RunArgs,
    /// Form of the answer.
    #[arg(short = 'F', long, value_name = "FORMAT", default_value = "human")]
    format: TraceFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TraceFormat {
    /// For people.
    Human,
    /// Everything, for machines.
    Json,
}

/// Prints the fields of resources that the line takes part in, each with the way of its value, and what the line
/// keeps out. A line that takes part in nothing gives exit code 3.
pub(super) fn run(args: &TraceArgs) -> Result<Exit, Error> {
    let wrong = || Error::Usage(format!("{}: FILE:LINE is needed", args.line));
    let (file, line) = args.line.rsplit_once(':').ok_or_else(wrong)?;
    let line: u32 = line.parse().map_err(|_| wrong())?;
    let settings = inspect::settings_of(&args.input, &args.run)?;
    let path = settings.roots.relative(&PathBuf::from(file)).ok_or_else(|| {
        Error::Nothing(format!("{file}: no such file below {}", settings.roots.root.display()))
    })?;
    let store = Store::new();
    let loaded = crate::read(&store, &settings.options, &|_| {})?;
    let locator = Locator::new(&store, &loaded.units, &loaded.resources);
    let uses = uses::of_line(&store, &locator, &loaded, &path, line);
    if args.format == TraceFormat::Json {
        let document = report::json::trace::document(&path, line, &uses);
        output::print(&format!("{:#}\n", Value::Object(document)))?;
    }
    if uses.is_empty() {
        return Err(Error::Nothing(nothing(&path, line, &uses)));
    }
    if args.format == TraceFormat::Human {
        output::print(&text(&locator, &uses))?;
    }
    Ok(Exit::Clean)
}

/// Why there is nothing to print.
fn nothing(path: &str, line: u32, uses: &Uses) -> String {
    let Some(key) = &uses.key else {
        return format!("{path}:{line} takes part in nothing that was read");
    };
    let overriding: Vec<String> = uses
        .overridden_by
        .iter()
        .map(|(key, place)| format!("{key} at {}", report::position(place)))
        .collect();
    match overriding.is_empty() {
        true => format!("{path}:{line}: {key} decides nothing that is rendered"),
        false => format!(
            "{path}:{line}: {key} decides nothing that is rendered; what counts is {}",
            overriding.join(", ")
        ),
    }
}

fn text(locator: &Locator<'_>, uses: &Uses) -> String {
    let mut text = String::new();
    let line = report::sanitise::line;
    for field in &uses.fields {
        let sets = sets(&field.value_sets);
        let part = match field.part {
            Part::Condition => " is there because of it",
            Part::Value => "",
        };
        let _ = writeln!(text, "{} {}{part}{sets}", line(&field.address), line(&field.field));
        ways(locator, &field.trace, &mut text);
    }
    for decision in &uses.decisions {
        let there = match decision.present {
            true => "is there because of it",
            false if decision.subject.starts_with("sub-chart ") => "is left out because of it",
            false => "lacks something because of it",
        };
        let _ = writeln!(text, "{} {there}{}", line(&decision.subject), sets(&decision.value_sets));
        ways(locator, &decision.trace, &mut text);
    }
    text
}

fn sets(sets: &[String]) -> String {
    match sets.is_empty() {
        true => String::new(),
        false => format!(" ({})", report::sanitise::line(&sets.join(", "))),
    }
}

fn ways(locator: &Locator<'_>, trace: &[Place], text: &mut String) {
    for place in trace {
        let _ = writeln!(text, "    {}  {}", report::position(place), word(locator, place));
    }
}

fn word(locator: &Locator<'_>, place: &Place) -> String {
    let text = report::sanitise::line(&place.text);
    match locator.values_key(place) {
        Some(key) => format!("{text} {}", report::sanitise::line(&key)),
        None if place.region.is_none() => "given on the command line".into(),
        None => text,
    }
}
