//! The command line: arguments in, exit code out.

mod args;
mod baseline;
mod config;
mod diff;
mod init;
mod inspect;
mod output;
mod paths;
mod progress;
mod render;
mod roots;
mod rules;
mod scan;
mod settings;
mod shell;
mod summary;
mod trace;
mod who_can;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{CommandFactory, Parser, Subcommand};

use self::args::ScanArgs;

/// How the process ends; the numbers are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean = 0,
    /// Findings at or above `--fail-on`.
    Findings = 1,
    /// Wrong use or configuration.
    Usage = 2,
    /// Nothing to scan was found.
    Nothing = 3,
    /// `--strict`, and something could not be analysed.
    Incomplete = 4,
    /// iac-scan itself failed, or the time ran out.
    Internal = 5,
}

/// Why a command ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A path that does not exist, or nothing in it.
    #[error("{0}")]
    Nothing(String),
    /// An output that cannot be written.
    #[error("{0}: {1}")]
    Output(String, io::Error),
    /// Wrong use or configuration.
    #[error("{0}")]
    Usage(String),
}

impl From<crate::config::Error> for Error {
    fn from(error: crate::config::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<crate::baseline::Error> for Error {
    fn from(error: crate::baseline::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<crate::revision::Error> for Error {
    fn from(error: crate::revision::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

/// Finds security risks in Helm charts, Kubernetes manifests and Terraform, together and without running them.
#[derive(Debug, Parser)]
#[command(name = "iac-scan", version, max_term_width = 100)]
#[command(after_help = "`iac-scan [PATH...]` is short for `iac-scan scan [PATH...]`.
Exit codes: 0 clean, 1 findings, 2 wrong use, 3 nothing to scan, 4 incomplete with --strict, 5 internal error.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Scans files and directories; what is done if no command is named.
    Scan(Box<ScanArgs>),
    /// Compares findings with those of an earlier revision: new, unchanged, fixed.
    Diff(Box<diff::DiffArgs>),
    /// Lists the rules.
    Rules(rules::RulesArgs),
    /// Prints why a rule matters and how to fix what it finds.
    Explain(rules::ExplainArgs),
    /// Prints a chart as `helm template` does.
    Render(Box<render::RenderArgs>),
    /// Lists every resource the scan saw, evaluated, with unknowns marked.
    Resources(Box<inspect::ResourcesArgs>),
    /// Prints the graph of identities, permissions and reachability.
    Graph(Box<inspect::GraphArgs>),
    /// Finds attack paths, and the places where a repair ends most of them.
    Paths(Box<paths::PathsArgs>),
    /// Shows who holds a permission, through which bindings and policies.
    WhoCan(who_can::WhoCanArgs),
    /// Shows which fields of which resources a line takes part in.
    Trace(Box<trace::TraceArgs>),
    /// Keeps the list of findings that were there before.
    Baseline(baseline::BaselineArgs),
    /// Shows the settings that count.
    Config(config::ConfigArgs),
    /// Writes a configuration file to start from.
    Init(init::InitArgs),
    /// Prints what a shell needs to complete commands and flags.
    Completions(shell::CompletionsArgs),
    /// Prints the manual page.
    Man,
}

/// Runs the command that the arguments name, the program's own name first.
pub fn run(arguments: impl Iterator<Item = OsString>) -> Exit {
    let arguments = with_command(arguments.collect());
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors: clap prints them to stdout.
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Clean };
            let _ = error.print();
            return exit;
        }
    };
    let result = match cli.command {
        Command::Scan(args) => scan::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Rules(args) => rules::list(&args),
        Command::Explain(args) => rules::explain(&args),
        Command::Render(args) => render::run(&args),
        Command::Resources(args) => inspect::resources(&args),
        Command::Graph(args) => inspect::graph(&args),
        Command::Paths(args) => paths::run(&args),
        Command::WhoCan(args) => who_can::run(&args),
        Command::Trace(args) => trace::run(&args),
        Command::Baseline(args) => baseline::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Completions(args) => shell::completions(&args),
        Command::Man => shell::manual(),
    };
    result.unwrap_or_else(|error| {
        if let Error::Output(_, cause) = &error
            && cause.kind() == io::ErrorKind::BrokenPipe
        {
            // Whoever reads has seen enough.
            return Exit::Clean;
        }
        say(&format!("error: {error}"));
        match error {
            Error::Nothing(_) => Exit::Nothing,
            Error::Output(..) | Error::Usage(_) => Exit::Usage,
        }
    })
}

/// Names the command where none is: a path or a flag of `scan` stands in its place.
fn with_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let first = arguments.get(1).map(|argument| argument.to_string_lossy().into_owned());
    let is_named = first.as_deref().is_some_and(|first| {
        matches!(first, "-h" | "--help" | "-V" | "--version" | "help") || Command::has_subcommand(first)
    });
    if !is_named {
        arguments.insert(1.min(arguments.len()), "scan".into());
    }
    arguments
}

/// Says something to the person who runs the program; stdout carries only the report.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{}", crate::report::sanitise::line(text));
}

/// The command line as Markdown, for the docs.
pub fn reference() -> String {
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut text = String::from("# Command line\n\n```text\n");
    text.push_str(command.render_long_help().to_string().trim_end());
    text.push_str("\n```\n");
    for subcommand in command.get_subcommands_mut().filter(|known| known.get_name() != "help") {
        let name = subcommand.get_name().to_owned();
        // The values are those of whoever writes the docs.
        *subcommand = std::mem::take(subcommand).mut_args(|argument| argument.hide_env_values(true));
        let help = subcommand.render_long_help().to_string();
        text.push_str(&format!("\n## iac-scan {name}\n\n```text\n{}\n```\n", help.trim_end()));
    }
    text
}
