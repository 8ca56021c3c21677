//! `iac-scan baseline`

use clap::{Args, Subcommand};

use super::args::{InputArgs, ReportArgs, RuleArgs, RunArgs};
use super::{Error, Exit, say, scan, settings};
use crate::baseline::{Baseline, Change};

/// What `baseline` takes.
#[derive(Debug, Args)]
pub(super) struct BaselineArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Writes a new baseline with all findings of now.
    Write(Box<Target>),
    /// Adds the findings of now; what is known stays, with its date and reason.
    Update(Box<Target>),
    /// Drops what is solved.
    Prune(Box<Target>),
}

#[derive(Debug, Args)]
struct Target {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    run: RunArgs,
}

/// Scans and changes the baseline.
pub(super) fn run(args: &BaselineArgs) -> Result<Exit, Error> {
    let (Action::Write(target) | Action::Update(target) | Action::Prune(target)) = &args.action;
    let mut rules = target.rules.clone();
    let named = rules.baseline.clone();
    if let Some(path) = rules.baseline.as_ref().filter(|path| !path.exists()) {
        if !matches!(args.action, Action::Write(_)) {
            return Err(Error::Usage(format!("{}: no such file", path.display())));
        }
        rules.baseline = None;
    }
    let mut settings = settings::collect(&target.input, &rules, &ReportArgs::default())?;
    let path = named.unwrap_or_else(|| settings.baseline_path.clone());
    settings.options.baseline.clear();
    let outcome = scan::scan(&settings, &target.run)?;
    if outcome.is_broken() {
        say("error: the scan is not complete; the baseline stays as it is");
        return Ok(Exit::Internal);
    }
    let today = &settings.options.policy.today;
    let (baseline, change) = match &args.action {
        Action::Write(_) => {
            let mut baseline = Baseline::default();
            let change = baseline.update(&outcome, today);
            (baseline, change)
        }
        Action::Update(_) => {
            let mut baseline = if path.is_file() { Baseline::read(&path)? } else { Baseline::default() };
            let change = baseline.update(&outcome, today);
            (baseline, change)
        }
        Action::Prune(_) => {
            let mut baseline = Baseline::read(&path)?;
            let change = baseline.prune(&outcome);
            (baseline, change)
        }
    };
    baseline.write(&path)?;
    if target.run.quiet == 0 {
        let Change { added, kept, dropped } = change;
        say(&format!("{}: {added} added, {kept} kept, {dropped} dropped", path.display()));
    }
    Ok(Exit::Clean)
}
