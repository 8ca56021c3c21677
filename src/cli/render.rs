//! `iac-scan render`: what `helm template` prints.

use clap::Args;
use iac_load::{Template, TemplateOptions};
use iac_model::Store;

use super::args::{InputArgs, RunArgs};
use super::{Error, Exit, inspect, output, say};

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
    };
    let store = Store::new();
    match iac_load::template(&store, &settings.options.load, wanted).map_err(crate::Error::from)? {
        Template::Output(text) => {
            output::print_foreign(text.bytes())?;
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
