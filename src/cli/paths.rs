//! `iac-scan paths`: attack paths and where to cut them.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use iac_graph::{Graph, Path, PathSettings};
use iac_load::Loaded;
use iac_model::{ProblemSeverity, Store};
use serde_json::{Value, json};

use super::args::{InputArgs, RunArgs};
use super::progress::Progress;
use super::{Error, Exit, inspect, output, scan};
use crate::findings::Reporter;
use crate::outcome::{AttackPath, Trouble};
use crate::paths::{Cut, Teller};
use crate::report::json::v1;
use crate::{report, troubles};

/// What `paths` takes.
#[derive(Debug, Args)]
pub(super) struct PathsArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    run: RunArgs,
    /// Form of the report.
    #[arg(short = 'F', long, value_name = "FORMAT", default_value = "human")]
    format: PathsFormat,
    /// Ask for the paths between two places: addresses, `internet`, `network`, `cloud-admin`, `cluster-admin`,
    /// `node`, `Secrets/NAMESPACE`, `data`; repeatable.
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
    between: Vec<String>,
    /// Most paths for one pair of places.
    #[arg(long, value_name = "N", default_value_t = 10)]
    max_paths: usize,
    /// Every workload and every cloud principal is a start too.
    #[arg(long)]
    assume_breach: bool,
    /// A pod that another can reach counts as taken over.
    #[arg(long)]
    through_network: bool,
    /// Steps that rest on unknown values count too.
    #[arg(long)]
    possible: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PathsFormat {
    /// A chain of steps for each path, then where to cut.
    Human,
    /// Everything.
    Json,
    /// A diagram.
    Mermaid,
}

/// What was found.
struct Found {
    paths: Vec<AttackPath>,
    cuts: Vec<Cut>,
    between: Vec<(String, String, Vec<AttackPath>)>,
    problems: Vec<Trouble>,
}

/// Prints the paths.
pub(super) fn run(args: &PathsArgs) -> Result<Exit, Error> {
    let settings = inspect::settings_of(&args.input, &args.run)?;
    let progress = Progress::start(!args.run.no_progress && args.run.quiet == 0);
    let store = Store::new();
    let Loaded { resources, units, problems, .. } =
        crate::read(&store, &settings.options, &|stage| progress.hear(stage))?;
    let graph = crate::link(&store, &units, resources, &settings.options, &|stage| progress.hear(stage));
    if units.is_empty() {
        progress.finish();
        return Err(scan::nothing());
    }
    let reporter = Reporter::new(&store, &graph, &settings.options);
    let problems = [problems, graph.problems().to_vec()].concat();
    let problems = troubles::of(&reporter.locator, &store, &units, &problems);
    let found = find(args, &graph, &Teller::new(&graph, &reporter.locator), problems);
    progress.finish();
    output::print(&match args.format {
        PathsFormat::Human => human(&found),
        PathsFormat::Json => format!("{:#}\n", json(&found)),
        PathsFormat::Mermaid => found
            .paths
            .iter()
            .chain(found.between.iter().flat_map(|(.., paths)| paths))
            .map(mermaid)
            .collect(),
    })?;
    Ok(Exit::Clean)
}

fn find(args: &PathsArgs, graph: &Graph<'_>, teller: &Teller<'_>, mut problems: Vec<Trouble>) -> Found {
    let settings = PathSettings {
        possible: args.possible,
        assume_breach: args.assume_breach,
        through_network: args.through_network,
        max_paths: args.max_paths,
        ..PathSettings::default()
    };
    let reported = graph.attack_paths(&settings);
    let tell = |path: &Path| teller.tell(path, &reported.choke_points);
    let mut between = Vec::new();
    for pair in args.between.chunks_exact(2) {
        let (from, to) = (&pair[0], &pair[1]);
        let paths = graph.paths_between(from, to, &settings).unwrap_or_else(|unknown| {
            problems.push(Trouble {
                code: "unknown-address",
                severity: ProblemSeverity::Note,
                message: unknown.to_string(),
                place: None,
                path: None,
                unit: None,
            });
            Vec::new()
        });
        between.push((from.clone(), to.clone(), paths.iter().map(tell).collect()));
    }
    Found {
        paths: reported.paths.iter().map(tell).collect(),
        cuts: teller.cuts(&reported),
        between,
        problems,
    }
}

fn json(found: &Found) -> Value {
    let mut document = v1::document("paths");
    let mut add = |key: &str, value: Value| drop(document.insert(key.into(), value));
    add("paths", found.paths.iter().map(v1::path).collect());
    add("choke_points", found.cuts.iter().map(|cut| v1::cut(cut, found.paths.len())).collect());
    let between = found.between.iter().map(|(from, to, paths)| {
        json!({"from": from, "to": to, "paths": paths.iter().map(v1::path).collect::<Vec<_>>()})
    });
    add("between", between.collect());
    add("problems", v1::problems(&found.problems));
    Value::Object(document)
}

fn human(found: &Found) -> String {
    let mut text = String::new();
    for path in &found.paths {
        let _ = writeln!(text, "{} {}\n", path.severity, report::chain(path));
    }
    for cut in &found.cuts {
        let (at, count, of) = (report::position(&cut.place), cut.paths.len(), found.paths.len());
        let _ = writeln!(text, "cut at {at}: {} (ends {count} of {of} paths)", cut.advice);
    }
    for (from, to, paths) in &found.between {
        let (from, to) = (report::sanitise::line(from), report::sanitise::line(to));
        let _ = writeln!(text, "from {from} to {to}: {} paths", paths.len());
        for path in paths {
            let _ = writeln!(text, "{}", report::chain(path));
        }
    }
    if found.paths.is_empty() && found.between.is_empty() {
        text.push_str("no path leads from outside to an administrator, a node, secrets or tagged data\n");
    }
    for problem in found.problems.iter().filter(|problem| problem.code == "unknown-address") {
        let _ = writeln!(text, "{}", report::sanitise::line(&problem.message));
    }
    text
}

fn mermaid(path: &AttackPath) -> String {
    let mut text = String::from("flowchart LR\n");
    for (number, step) in path.steps.iter().enumerate() {
        let (from, to) = (report::mermaid(&step.from.address), report::mermaid(&step.to.address));
        let next = number + 1;
        let _ = writeln!(text, "  n{number}[\"{from}\"] -->|{}| n{next}[\"{to}\"]", step.kind);
    }
    text
}
