//! Renders charts that want too much under the limits that the product has: `hostile [NAME]`.
//!
//! Each case runs in a process of its own; the table has its processor time, its peak of memory and what the first problem says.
//! A case that takes longer than two seconds or more than 512 MiB, or that ends without naming a limit, fails the run.
//! With NAME, one case runs in this process.

#[path = "../tests/support/hostile.rs"]
mod hostile;

use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use hostile::Case;
use iac_helm::{Chart, Instance, render};
use iac_model::{Store, Text};

/// What a case may take.
const SECONDS: f64 = 2.0;
const MEBIBYTES: u64 = 512;

fn main() -> std::io::Result<ExitCode> {
    let mut cases = hostile::cases();
    if let Some(name) = std::env::args().nth(1) {
        cases.retain(|case| case.name == name);
        for case in &cases {
            run(case)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let program = std::env::current_exe()?;
    let mut out = std::io::stdout().lock();
    let mut failed = 0;
    let mut worst = (0.0_f64, 0);
    for case in &cases {
        let text = ask(&program, case.name)?;
        let mut fields = text.trim_end().splitn(3, '\t');
        let mut field = || fields.next().unwrap_or_default().to_owned();
        let (time, peak, said) = (field(), field(), field());
        let seconds: f64 = time.parse().unwrap_or(f64::INFINITY);
        let mebibytes: u64 = peak.parse().unwrap_or(u64::MAX);
        worst = (worst.0.max(seconds), worst.1.max(mebibytes));
        let is_good = seconds < SECONDS && mebibytes < MEBIBYTES && said.contains(case.expected);
        failed += usize::from(!is_good);
        let verdict = if is_good { "" } else { "FAILED" };
        let mebibytes = if mebibytes == u64::MAX { "?".into() } else { mebibytes.to_string() };
        writeln!(out, "{seconds:8.2} s {mebibytes:>6} MiB  {:40} {verdict:6} {said:.100}", case.name)?;
    }
    writeln!(out, "{} cases, {failed} failed; at most {:.2} s and {} MiB", cases.len(), worst.0, worst.1)?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs one case in a process of its own, which ends with it or when it has taken far too long.
fn ask(program: &Path, name: &str) -> std::io::Result<String> {
    let mut child = Command::new(program).arg(name).stdout(Stdio::piped()).spawn()?;
    let started = Instant::now();
    while child.try_wait()?.is_none() {
        if started.elapsed().as_secs_f64() > 10.0 * SECONDS {
            child.kill()?;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(String::from_utf8_lossy(&child.wait_with_output()?.stdout).into_owned())
}

/// Renders a case as a scan does; prints its time, its peak of memory and what the first problem says.
fn run(case: &Case) -> std::io::Result<()> {
    let started = Instant::now();
    let store = Store::new();
    let (chart, mut problems) = Chart::load(&store, &case.tree, "web");
    if let Some(chart) = &chart {
        let origin = store.origins.argument("scan");
        let instance = Instance::new(Text::new("r", origin), Text::new("default", origin));
        problems.extend(render(&store, chart, &instance).problems);
    }
    let seconds = processor_time(started);
    let mut messages = problems.iter().map(|problem| problem.message.as_str());
    let said = messages.clone().find(|message| message.contains(case.expected));
    let said = said.or_else(|| messages.next()).unwrap_or("nothing").replace(['\n', '\t'], " ");
    writeln!(std::io::stdout().lock(), "{seconds}\t{}\t{said}", peak())
}

/// The processor time of this process so far, in seconds: what others do on the machine does not count. Wall-clock
/// time where the system does not tell.
fn processor_time(started: Instant) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace().skip(11).take(2);
    let ticks: Vec<f64> = fields.filter_map(|ticks| ticks.parse().ok()).collect();
    match ticks.as_slice() {
        [user, system] => (user + system) / 100.0,
        _ => started.elapsed().as_secs_f64(),
    }
}

/// The largest memory of this process so far, in MiB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
