//! `iac-scan resources` and `iac-scan graph`: what the scan saw, without rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use iac_graph::{EdgeFamily, Graph};
use iac_load::Loaded;
use iac_model::Store;
use serde_json::Value;

use super::args::{InputArgs, ReportArgs, RuleArgs, RunArgs};
use super::progress::Progress;
use super::settings::{self, Settings};
use super::{Error, Exit, output, scan};
use crate::findings::Reporter;
use crate::locate::{About, Locator};
use crate::report::json::graph::Printer;
use crate::report::json::resources::{self, Wanted};
use crate::{report, troubles};

/// What `resources` takes.
#[derive(Debug, Args)]
pub(super) struct ResourcesArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    run: RunArgs,
    /// Form of the list.
    #[arg(short = 'F', long, value_name = "FORMAT", default_value = "human")]
    format: ResourcesFormat,
    /// Print data sources too.
    #[arg(long)]
    include_data: bool,
    /// Print secret values.
    #[arg(long, env = "IAC_SCAN_SHOW_SECRETS")]
    show_secrets: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ResourcesFormat {
    /// One address a line, with its place.
    Human,
    /// Everything, evaluated, with unknowns marked.
    Json,
}

/// What `graph` takes.
#[derive(Debug, Args)]
pub(super) struct GraphArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    run: RunArgs,
    /// Form of the graph.
    #[arg(short = 'F', long, value_name = "FORMAT", default_value = "json")]
    format: GraphFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum GraphFormat {
    /// Attack edges for Graphviz.
    Dot,
    /// Everything.
    Json,
    /// Attack edges for Mermaid.
    Mermaid,
}

/// Collects settings for commands that run no rule.
///
/// # Errors
/// As [`settings::collect`].
pub(super) fn settings_of(input: &InputArgs, run: &RunArgs) -> Result<Settings, Error> {
    scan::prepare(run)?;
    settings::collect(input, &RuleArgs::default(), &ReportArgs::default())
}

/// Prints the resources.
pub(super) fn resources(args: &ResourcesArgs) -> Result<Exit, Error> {
    let settings = settings_of(&args.input, &args.run)?;
    let progress = Progress::start(!args.run.no_progress && args.run.quiet == 0);
    let store = Store::new();
    let loaded = crate::read(&store, &settings.options, &|stage| progress.hear(stage))?;
    progress.finish();
    if loaded.units.is_empty() {
        return Err(scan::nothing());
    }
    let text = match args.format {
        ResourcesFormat::Json => {
            let wanted = Wanted { data: args.include_data, secrets: args.show_secrets };
            let text = resources::document(&store, &loaded, wanted);
            text.map_err(|error| Error::Usage(error.to_string()))? + "\n"
        }
        ResourcesFormat::Human => {
            let locator = Locator::new(&store, &loaded.units, &loaded.resources);
            let mut text = String::new();
            for resource in &loaded.resources {
                let place = locator.primary(resource.origin, About::Whole, Some(resource), "");
                let at = place.map(|place| report::position(&place)).unwrap_or_default();
                let address = report::sanitise::line(&resource.address);
                let _ = writeln!(text, "{address}  {at}");
            }
            text
        }
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

/// Prints the graph.
pub(super) fn graph(args: &GraphArgs) -> Result<Exit, Error> {
    let settings = settings_of(&args.input, &args.run)?;
    let progress = Progress::start(!args.run.no_progress && args.run.quiet == 0);
    let store = Store::new();
    let Loaded { resources, units, problems, .. } =
        crate::read(&store, &settings.options, &|stage| progress.hear(stage))?;
    let graph = crate::link(&store, &units, resources, &settings.options, &|stage| progress.hear(stage));
    progress.finish();
    if units.is_empty() {
        return Err(scan::nothing());
    }
    let text = match args.format {
        GraphFormat::Json => {
            let reporter = Reporter::new(&store, &graph, &settings.options);
            let problems = [problems, graph.problems().to_vec()].concat();
            let problems = troubles::of(&reporter.locator, &store, graph.units(), &problems);
            let ignores = reporter.ignores();
            let document = Printer::new(&graph, &reporter.locator, &ignores).document(&problems);
            format!("{:#}\n", Value::Object(document))
        }
        GraphFormat::Dot => drawing(&graph, "digraph attack {\n  rankdir=LR;\n", "}\n", |from, to, kind| {
            format!("  {:?} -> {:?} [label={kind:?}];\n", from.1, to.1)
        }),
        GraphFormat::Mermaid => drawing(&graph, "flowchart LR\n", "", |from, to, kind| {
            let end =
                |(number, address): (usize, &str)| format!("n{number}[\"{}\"]", report::mermaid(address));
            format!("  {} -->|{kind}| {}\n", end(from), end(to))
        }),
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

/// The steps an attacker can take, one a line, in the order of their ends; `line` gets number and address of both.
fn drawing(
    graph: &Graph<'_>,
    head: &str,
    foot: &str,
    line: impl Fn((usize, &str), (usize, &str), &str) -> String,
) -> String {
    let attack = graph.edges().filter(|link| link.edge.kind.family() == EdgeFamily::Attack);
    let address = |id| report::sanitise::line(&graph.node(id).address);
    let steps: BTreeSet<(String, String, &str)> =
        attack.map(|link| (address(link.from), address(link.to), link.edge.kind.name())).collect();
    let ends: BTreeSet<&str> = steps.iter().flat_map(|(from, to, _)| [from.as_str(), to.as_str()]).collect();
    let numbers: BTreeMap<&str, usize> = ends.into_iter().zip(0..).collect();
    let lines = steps
        .iter()
        .map(|(from, to, kind)| line((numbers[from.as_str()], from), (numbers[to.as_str()], to), kind));
    format!("{head}{}{foot}", lines.collect::<String>())
}
