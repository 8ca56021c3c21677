//! `helm template release-name CHART` by our engine, for comparisons: `template CHART [helm's arguments]`. Values files
//! and files of `--set-file` are looked up inside of the chart.

#[path = "../tests/support/mod.rs"]
mod support;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use iac_helm::{Chart, HelmProfile, render};
use iac_model::Store;

fn main() -> std::io::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((directory, arguments)) = arguments.split_first() else {
        support::say("usage: template CHART [helm's arguments]");
        return Ok(ExitCode::from(2));
    };
    let tree = support::read_tree(Path::new(directory))?;
    let store = Store::new();
    let (chart, problems) = Chart::load(&store, &tree, "");
    let Some(chart) = chart else {
        support::say(&format!("{problems:#?}"));
        return Ok(ExitCode::FAILURE);
    };
    let origin = store.origins.argument(arguments.join(" "));
    let instance = support::instance(&store, &tree, arguments, origin, HelmProfile::V4);
    let rendered = render(&store, &chart, &instance);
    if let Some(message) = rendered.failure {
        support::say(&format!("Error: {message}"));
        return Ok(ExitCode::FAILURE);
    }
    std::io::stdout().write_all(rendered.output(&store, &chart, &instance).bytes())?;
    Ok(ExitCode::SUCCESS)
}
