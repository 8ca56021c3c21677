//! `iac-scan diff`: both states are scanned as a whole, since a change of a values file or a module shows elsewhere.

use std::path::Path;
use std::time::Instant;

use clap::Args;

use super::args::{InputArgs, ReportArgs, RuleArgs, RunArgs};
use super::scan::{self, exit, nothing};
use super::settings::{self, Settings};
use super::{Error, Exit, output, say, summary};
use crate::baseline::Baseline;
use crate::options::{Base, Options};
use crate::outcome::Outcome;
use crate::revision;

/// What `diff` takes.
#[derive(Debug, Args)]
#[command(mut_arg("paths", |paths| paths.last(true)))]
pub(super) struct DiffArgs {
    /// The git revision to compare with, or the JSON report of an earlier scan.
    #[arg(value_name = "BASE")]
    base: String,
    /// The git revision to look at, instead of the files as they are now.
    #[arg(value_name = "HEAD")]
    head: Option<String>,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    run: RunArgs,
}

/// Scans both states and reports what is new in the later one. Configuration, baseline and flags count for both.
pub(super) fn run(args: &DiffArgs) -> Result<Exit, Error> {
    let outputs = output::outputs(&args.report)?;
    let mut settings = settings::collect(&args.input, &args.rules, &args.report)?;
    let start = Instant::now();
    let base = Before::of(&settings, &args.base)?;
    let head = args.head.as_ref().map(|revision| State::of(&settings, revision)).transpose()?;
    scan::prepare(&args.run)?;
    let Some((findings, shown)) = base.findings(&settings)? else {
        say(&format!("error: the scan of {} is not complete; nothing can be compared with it", args.base));
        return Ok(Exit::Internal);
    };
    settings.options.base = Some(Base { name: args.base.clone(), findings, shown });
    let outcome = match &head {
        Some(head) => head.scan(&settings)?,
        None => scan::with_progress(&settings.options, &args.run)?,
    };
    if outcome.units.is_empty() && outcome.problems.is_empty() {
        return Err(nothing());
    }
    output::write(&outputs, &outcome, &args.report, &args.run)?;
    if args.run.quiet == 0 {
        summary::lines(&outcome, start.elapsed(), args.run.verbose).iter().for_each(|line| say(line));
    }
    Ok(exit(&outcome, &settings, &args.report))
}

/// What is compared with.
enum Before {
    /// What a report of an earlier scan holds.
    Report(Baseline),
    /// A revision that is still to be scanned.
    Revision(State),
}

impl Before {
    fn of(settings: &Settings, name: &str) -> Result<Self, Error> {
        let path = Path::new(name);
        Ok(match path.extension().is_some_and(|extension| extension == "json") && path.is_file() {
            true => Self::Report(Baseline::of_report(path)?),
            false => Self::Revision(State::of(settings, name)?),
        })
    }

    /// All findings, and those that reports showed; nothing if the scan is not complete.
    fn findings(self, settings: &Settings) -> Result<Option<(Baseline, Baseline)>, Error> {
        let state = match self {
            Self::Report(report) => return Ok(Some((report.clone(), report))),
            Self::Revision(state) => state,
        };
        let outcome = state.scan(settings)?;
        if outcome.is_broken() {
            return Ok(None);
        }
        let mut findings = Baseline::default();
        findings.update(&outcome, &settings.options.policy.today);
        Ok(Some((findings, Baseline::shown(&outcome))))
    }
}

/// The files of a revision.
struct State {
    directory: tempfile::TempDir,
}

impl State {
    fn of(settings: &Settings, revision: &str) -> Result<Self, Error> {
        let root = &settings.roots.root;
        let directory =
            tempfile::tempdir().map_err(|error| Error::Output("a temporary directory".into(), error))?;
        revision::export(root, revision, directory.path())?;
        revision::bring(root, directory.path())?;
        // What git ignores is left out in a repository only, and both states are scanned by one law.
        let made = std::fs::create_dir(directory.path().join(".git"));
        made.map_err(|error| Error::Output("a temporary directory".into(), error))?;
        Ok(Self { directory })
    }

    /// Scans it as the settings say of the repository. Paths that are not in it hold nothing.
    fn scan(&self, settings: &Settings) -> Result<Outcome, Error> {
        let root = self.directory.path();
        let mut options: Options = settings.options.clone();
        let here = |path: &Path| {
            let inner = path.strip_prefix(&settings.roots.root).ok()?;
            Some(root.join(inner)).filter(|path| path.exists())
        };
        options.load.paths = options.load.paths.iter().filter_map(|path| here(path)).collect();
        options.load.root = root.to_owned();
        Ok(crate::scan(&options, &|_| ())?)
    }
}
