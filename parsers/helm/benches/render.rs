//! How fast the charts of a corpus are read and rendered, with the origin of every byte.
//!
//! `cargo bench -p iac-helm --bench render [-- TIMES [DIRECTORY...]]`; without directories the charts at
//! `../shared/corpus` or `$IAC_SCAN_SHARED/corpus`. For each chart the shortest time of TIMES counts, from reading its
//! directory to the bytes that `helm template` prints. One thread.

#[path = "../tests/support/mod.rs"]
mod support;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use iac_helm::{Chart, Instance, Mode, render};
use iac_model::{Store, Text};
use support::read_tree;

/// The allocator of the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One chart: what it cost, and how much it printed.
struct Measured {
    directory: PathBuf,
    took: Duration,
    bytes: usize,
    steps: u64,
}

fn main() -> std::io::Result<()> {
    // Cargo passes flags of its own harness.
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let times: usize = arguments.next().and_then(|times| times.parse().ok()).unwrap_or(5);
    let mut directories: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    if directories.is_empty() {
        let Some(corpus) = support::corpus() else {
            support::say(
                "skipped: there are no public charts at ../shared/corpus or $IAC_SCAN_SHARED/corpus",
            );
            return Ok(());
        };
        let charts = corpus.join("helm");
        directories.extend(support::names(&charts)?.iter().map(|name| charts.join(name)));
        directories.retain(|path| path.join("Chart.yaml").is_file());
    }
    let mut measured: Vec<Measured> = Vec::new();
    let mut out = std::io::stdout().lock();
    for directory in directories {
        let runs = (0..times.max(1)).map(|_| once(&directory)).collect::<std::io::Result<Vec<_>>>()?;
        let Some(best) = runs.into_iter().flatten().min_by_key(|run| run.took) else { continue };
        writeln!(out, "{}\t{}", directory.display(), best.took.as_micros())?;
        measured.push(best);
    }
    let sum: Duration = measured.iter().map(|run| run.took).sum();
    writeln!(out, "sum\t{}", sum.as_micros())?;
    let seconds = sum.as_secs_f64().max(f64::EPSILON);
    writeln!(out, "# {} charts, {:.0} charts a second", measured.len(), measured.len() as f64 / seconds)?;
    growth(&mut out, &mut measured)?;
    if let Some(most) = measured.iter().max_by_key(|run| run.steps) {
        writeln!(out, "# most steps: {} in {}", most.steps, most.directory.display())?;
    }
    Ok(())
}

/// How time grows with the size of the output: the same time for each byte means that it grows no faster.
fn growth(out: &mut impl Write, measured: &mut [Measured]) -> std::io::Result<()> {
    measured.sort_by_key(|run| run.bytes);
    for quarter in measured.chunks(measured.len().div_ceil(4).max(1)) {
        let bytes: usize = quarter.iter().map(|run| run.bytes).sum();
        let took: Duration = quarter.iter().map(|run| run.took).sum();
        let (smallest, largest) = (quarter[0].bytes, quarter[quarter.len() - 1].bytes);
        writeln!(
            out,
            "# output of {smallest} to {largest} bytes: {:.2} ms a chart, {:.1} us a KiB",
            took.as_secs_f64() * 1e3 / quarter.len() as f64,
            took.as_secs_f64() * 1e6 * 1024.0 / bytes.max(1) as f64
        )?;
    }
    Ok(())
}

/// Reads and renders a chart; `None` if it cannot be rendered.
fn once(directory: &Path) -> std::io::Result<Option<Measured>> {
    let started = Instant::now();
    let tree = read_tree(directory)?;
    let store = Store::new();
    let (Some(chart), _) = Chart::load(&store, &tree, "") else { return Ok(None) };
    let origin = store.origins.argument("bench");
    let mut instance = Instance::new(Text::new("release-name", origin), Text::new("default", origin));
    instance.mode = Mode::Parity;
    let rendered = render(&store, &chart, &instance);
    if rendered.failure.is_some() {
        return Ok(None);
    }
    let bytes = rendered.output(&store, &chart, &instance).len();
    let took = started.elapsed();
    Ok(Some(Measured { directory: directory.to_owned(), took, bytes, steps: rendered.steps }))
}
