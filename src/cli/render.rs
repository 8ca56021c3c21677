//! `iac-scan render`: what `helm template` prints.

use std::fmt::Write as _;
use std::mem::ManuallyDrop;

use clap::{Args, ValueEnum};
use iac_load::{Printed, Template, TemplateOptions};
use iac_model::Store;
use serde_json::Value;

use super::args::{InputArgs, RunArgs};
use super::{Error, Exit, inspect, output, say};
use crate::locate;
use crate::outcome::Place;
use crate::report;
use crate::source_map::{self, Piece, PieceKind};

/// What `render` takes; the path is that of one chart.
#[derive(Debug, Args)]
pub(super) struct RenderArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    run: RunArgs,
    /// Start with the chart's custom resource definitions.
    #[arg(long)]
    include_crds: bool,
    /// Render as an upgrade instead of an installation.
    #[arg(long)]
    is_upgrade: bool,
    /// Leave hooks out.
    #[arg(long)]
    no_hooks: bool,
    /// Do not check values against the chart's schema.
    #[arg(long)]
    skip_schema_validation: bool,
    /// Leave test hooks out.
    #[arg(long)]
    skip_tests: bool,
    /// Print where each byte of the output comes from, instead of the output.
    #[arg(long, value_name = "FORMAT")]
    source_map: Option<SourceMapFormat>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SourceMapFormat {
    /// Every piece of the output, for machines.
    Json,
    /// The output line by line, each behind its place in a template and its values keys.
    Text,
}

/// Prints the chart. A chart that Helm refuses gives exit code 1 and Helm's reason.
pub(super) fn run(args: &RenderArgs) -> Result<Exit, Error> {
    let settings = inspect::settings_of(&args.input, &args.run)?;
    if settings.options.load.paths.len() > 1 {
        return Err(Error::Usage("render takes the path of one chart".into()));
    }
    let wanted = TemplateOptions {
        include_crds: args.include_crds,
        is_upgrade: args.is_upgrade,
        no_hooks: args.no_hooks,
        skip_schema: args.skip_schema_validation,
        skip_tests: args.skip_tests,
        with_layers: args.source_map.is_some(),
    };
    let inputs = settings.options.load.paths.iter();
    let chart = inputs.map(|path| settings.roots.relative(path).unwrap_or_default()).collect::<String>();
    // The process ends with the command, and takes back its memory faster than it could be given back piece by piece.
    let store = ManuallyDrop::new(Store::new());
    match iac_load::template(&store, &settings.options.load, wanted).map_err(crate::Error::from)? {
        Template::Output(printed) => {
            match args.source_map {
                None => output::print_foreign(printed.text.bytes())?,
                Some(format) => print_map(&store, &printed, &chart, format)?,
            }
            Ok(Exit::Clean)
        }
        Template::Failure(reason) => {
            for line in reason.lines() {
                say(line);
            }
            Ok(Exit::Findings)
        }
        Template::NoChart(problems) => {
            let reasons: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
            Err(Error::Nothing(match reasons.is_empty() {
                true => "there is no chart".into(),
                false => reasons.join("; "),
            }))
        }
    }
}

fn print_map(store: &Store, printed: &Printed, chart: &str, format: SourceMapFormat) -> Result<(), Error> {
    let file = store.sources.add_rendered(chart, printed.text.clone());
    let pieces = source_map::pieces(store, file, printed);
    let bytes = printed.text.bytes();
    match format {
        SourceMapFormat::Json => {
            let document = report::json::source_map::document(chart, bytes, &pieces);
            output::print(&format!("{:#}\n", Value::Object(document)))
        }
        SourceMapFormat::Text => output::print(&lines(store, chart, bytes, &pieces)),
    }
}

/// One line for each line of the output: the template's place, the values keys, the line itself.
fn lines(store: &Store, chart: &str, output: &[u8], pieces: &[Piece]) -> String {
    let position = |place: &Place| {
        let text = report::position(place);
        let inside = text.strip_prefix(chart).and_then(|rest| rest.strip_prefix('/'));
        inside.map_or_else(|| text.clone(), str::to_owned)
    };
    let mut rows: Vec<[String; 3]> = Vec::new();
    let (mut start, mut first) = (0, 0);
    for line in output.split_inclusive(|&byte| byte == b'\n') {
        let end = start + line.len();
        while pieces.get(first).is_some_and(|piece| piece.range.end <= start) {
            first += 1;
        }
        let here = pieces[first..].iter().take_while(|piece| piece.range.start < end);
        let mut template = None;
        let mut keys: Vec<String> = Vec::new();
        for piece in here {
            let shown = piece.range.start.max(start)..piece.range.end.min(end);
            let Some(blanks) = output[shown.clone()].iter().position(|byte| !byte.is_ascii_whitespace())
            else {
                continue;
            };
            if template.is_none() {
                let offset = shown.start + blanks - piece.range.start;
                template =
                    piece.template.as_ref().map(|place| position(&at_offset(store, piece, place, offset)));
            }
            // Quotes and colons belong to whatever holds the value, which says nothing new.
            if !output[shown].iter().any(|byte| byte.is_ascii_alphanumeric()) {
                continue;
            }
            for used in &piece.values {
                let place = position(&used.place);
                let text = match &used.key {
                    Some(key) if used.place.region.is_some() => format!("{key} ({place})"),
                    Some(_) | None => place,
                };
                if !keys.contains(&text) {
                    keys.push(text);
                }
            }
        }
        let line = String::from_utf8_lossy(line);
        rows.push([
            template.unwrap_or_default(),
            report::sanitise::line(&keys.join(", ")),
            report::sanitise::line(line.trim_end_matches(['\n', '\r'])),
        ]);
        start = end;
    }
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0).min(WIDEST);
    let (first, second) = (width(0), width(1));
    let mut text = String::new();
    for [template, keys, line] in &rows {
        let row = format!("{template:first$}  {keys:second$}  {line}");
        let _ = writeln!(text, "{}", row.trim_end());
    }
    text
}

/// The place of a byte of a piece: plain text stands in the template byte by byte.
fn at_offset(store: &Store, piece: &Piece, place: &Place, offset: usize) -> Place {
    let span = place.region.as_ref().and_then(|region| region.span);
    match span.filter(|_| piece.kind == PieceKind::Text) {
        Some(span) => locate::exact(store, span.part(offset, 1)).unwrap_or_else(|| place.clone()),
        None => place.clone(),
    }
}

/// A column is not padded further than this.
const WIDEST: usize = 60;
