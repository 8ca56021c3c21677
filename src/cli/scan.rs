//! `iac-scan scan`

use std::time::{Duration, Instant};

use super::args::{FailOn, ReportArgs, RunArgs, ScanArgs};
use super::progress::Progress;
use super::settings::{self, Settings};
use super::{Error, Exit, output, say, summary};
use crate::options::Options;
use crate::outcome::Outcome;

/// Scans and reports.
pub(super) fn run(args: &ScanArgs) -> Result<Exit, Error> {
    let outputs = output::outputs(&args.report)?;
    let settings = settings::collect(&args.input, &args.rules, &args.report)?;
    let start = Instant::now();
    let outcome = scan(&settings, &args.run)?;
    if outcome.units.is_empty() && outcome.problems.is_empty() {
        return Err(nothing());
    }
    output::write(&outputs, &outcome, &args.report, &args.run)?;
    if args.run.quiet == 0 {
        summary::lines(&outcome, start.elapsed(), args.run.verbose).iter().for_each(|line| say(line));
    }
    Ok(exit(&outcome, &settings, &args.report))
}

/// What is said where nothing was found.
pub(super) fn nothing() -> Error {
    Error::Nothing("nothing to scan was found: no chart, no Kubernetes manifest, no Terraform".into())
}

/// Scans with the threads, the time and the progress bar that the flags want.
///
/// # Errors
/// When the scan cannot start.
pub(super) fn scan(settings: &Settings, run: &RunArgs) -> Result<Outcome, Error> {
    prepare(run)?;
    with_progress(&settings.options, run)
}

/// Scans with the progress bar that the flags want, in a process that is prepared.
///
/// # Errors
/// When the scan cannot start.
pub(super) fn with_progress(options: &Options, run: &RunArgs) -> Result<Outcome, Error> {
    let progress = Progress::start(!run.no_progress && run.quiet == 0);
    let outcome = crate::scan(options, &|stage| progress.hear(stage));
    progress.finish();
    Ok(outcome?)
}

/// Sets up threads, the time limit and quiet panics, once a process.
///
/// # Errors
/// When there cannot be so many threads.
pub(super) fn prepare(run: &RunArgs) -> Result<(), Error> {
    // Panics are caught where they happen and reported as problems; a backtrace on stderr helps nobody twice.
    std::panic::set_hook(Box::new(|_| {}));
    if let Some(jobs) = run.jobs {
        if jobs == 0 {
            return Err(Error::Usage("--jobs 0: at least one thread is needed".into()));
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
        pool.map_err(|error| Error::Usage(format!("--jobs {jobs}: {error}")))?;
    }
    if let Some(seconds) = run.timeout {
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(seconds));
            say(&format!(
                "error: the scan took longer than {seconds} s and was ended; no report is complete"
            ));
            std::process::exit(Exit::Internal as i32);
        });
    }
    Ok(())
}

/// How a scan ends.
pub(super) fn exit(outcome: &Outcome, settings: &Settings, report: &ReportArgs) -> Exit {
    let fails = match settings.fail_on {
        FailOn::Never => false,
        FailOn::Severity(severity) => outcome.worst().is_some_and(|worst| worst >= severity),
    };
    if outcome.is_broken() {
        Exit::Internal
    } else if outcome.units.is_empty() {
        Exit::Nothing
    } else if fails && !report.exit_zero {
        Exit::Findings
    } else if settings.strict && outcome.is_incomplete() {
        Exit::Incomplete
    } else {
        Exit::Clean
    }
}
