//! `iac-scan config`

use clap::{Args, Subcommand};
use serde_json::json;

use super::args::{InputArgs, ReportArgs, RuleArgs};
use super::settings::{self, Settings};
use super::{Error, Exit, output};
use crate::report::json::v1;

/// What `config` takes.
#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Prints what a scan would do, with the file that decided it.
    Show(Box<ShowArgs>),
    /// Prints the JSON Schema of the configuration file, for editors.
    Schema,
}

#[derive(Debug, Args)]
struct ShowArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    report: ReportArgs,
}

/// Prints the settings that count, or what a file of them may say.
pub(super) fn run(args: &ConfigArgs) -> Result<Exit, Error> {
    let text = match &args.action {
        Action::Show(args) => describe(&settings::collect(&args.input, &args.rules, &args.report)?),
        Action::Schema => crate::config::schema(),
    };
    output::print(&format!("{text:#}\n"))?;
    Ok(Exit::Clean)
}

fn describe(settings: &Settings) -> serde_json::Value {
    let Settings { options, roots, config_path, config, baseline_path, fail_on, strict } = settings;
    let mut wanted: Vec<&str> = options.rules.wanted().into_iter().collect();
    wanted.sort_unstable();
    let charts = options.load.charts.iter().map(|chart| {
        let names = chart.sets.iter().map(|set| set.name.clone()).collect::<Vec<_>>();
        json!({"path": chart.path, "sets": names})
    });
    let terraform = options.load.terraform.iter();
    let severities = options.severities.iter();
    let mut document = v1::document("config");
    let mut add = |key: &str, value: serde_json::Value| drop(document.insert(key.into(), value));
    add("config", json!(config_path.as_ref().map(|path| path.display().to_string())));
    add("root", json!(roots.root.display().to_string()));
    add("paths", json!(roots.inputs.iter().map(|path| path.display().to_string()).collect::<Vec<_>>()));
    add("include", json!(options.load.include));
    add("exclude", json!(options.load.exclude));
    add("charts", charts.collect());
    add("terraform", terraform.map(|root| json!({"root": root.root, "var_files": root.var_files})).collect());
    add("rules", json!(wanted));
    add(
        "severities",
        severities.map(|(id, severity)| json!({"rule": id, "severity": severity.id()})).collect(),
    );
    add("persona", json!(options.rules.persona.id()));
    add("min_severity", json!(options.shown.severity.id()));
    add("min_confidence", json!(options.shown.confidence.id()));
    add("fail_on", json!(fail_on.id()));
    add("strict", json!(strict));
    add("baseline", json!(baseline_path.is_file().then(|| baseline_path.display().to_string())));
    add("ignores", json!(config.ignores.len()));
    add("require_reason", json!(options.policy.require_reason));
    add("max_expiry", json!(options.policy.max_expiry));
    add("as_of", json!(options.policy.today));
    serde_json::Value::Object(document)
}
