//! Any charts: each is rendered with its defaults and with each `ci/*-values.yaml`, by us and by the helm command at `$HELM`.
//!
//! What Helm makes anew at each render may be pinned in that command to our constants, or differ: then it is compared but for
//! those bytes, which we know. What helm printed is kept in `target/parity`, by the content of all that went into it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use iac_helm::{Chart, HelmProfile};
use iac_model::{Store, Tree};
use sha2::{Digest, Sha256};

use crate::support::{self, Render, names, read_tree};
use crate::{Table, Verdict, verdict};

/// Compares all charts below a directory whose path holds `narrow`, with further arguments for both.
pub(crate) fn compare(
    directory: &Path,
    narrow: &str,
    arguments: &[String],
    table: &mut Table,
) -> std::io::Result<()> {
    let helm = Helm::new()?;
    let mut charts = Vec::new();
    find(directory, "", &mut charts)?;
    charts.retain(|chart| chart.contains(narrow));
    let next = AtomicUsize::new(0);
    let (sender, rows) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            let (sender, helm, charts, next) = (sender.clone(), &helm, &charts, &next);
            scope.spawn(move || {
                while let Some(chart) = charts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let rows = helm.chart(&directory.join(chart), arguments);
                    // Nobody listens any more when the table could not be printed.
                    let _ = sender.send((chart, rows));
                }
            });
        }
        drop(sender);
        for (chart, chart_rows) in rows {
            for (set, took, verdict) in chart_rows? {
                table.row(chart, &set, took, &verdict)?;
            }
        }
        Ok(())
    })
}

/// The charts below a directory; those in `charts/` of another are part of it.
fn find(root: &Path, directory: &str, charts: &mut Vec<String>) -> std::io::Result<()> {
    let is_chart = root.join(directory).join("Chart.yaml").is_file();
    if is_chart {
        charts.push(directory.to_string());
    }
    for name in names(&root.join(directory))? {
        let path = if directory.is_empty() { name.clone() } else { format!("{directory}/{name}") };
        let is_open = std::fs::symlink_metadata(root.join(&path))?.is_dir() && name != ".git";
        if is_open && !(is_chart && matches!(name.as_str(), "charts" | "templates")) {
            find(root, &path, charts)?;
        }
    }
    Ok(())
}

/// The helm command.
struct Helm {
    command: PathBuf,
    profile: HelmProfile,
    /// What tells this command from others.
    identity: String,
    kept: PathBuf,
}

impl Helm {
    fn new() -> std::io::Result<Self> {
        let Some(command) = std::env::var_os("HELM").map(PathBuf::from) else {
            return Err(std::io::Error::other("HELM must be the path of a helm command"));
        };
        let version = Command::new(&command).arg("version").output()?.stdout;
        let version = String::from_utf8_lossy(&version).into_owned();
        let profile = if version.contains("Version:\"v3") { HelmProfile::V3 } else { HelmProfile::V4 };
        let file = std::fs::metadata(&command)?;
        let identity = format!("{version} {} {:?}", file.len(), file.modified()?);
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/parity");
        std::fs::create_dir_all(&kept)?;
        Ok(Self { command, profile, identity, kept })
    }

    fn chart(&self, path: &Path, further: &[String]) -> std::io::Result<Vec<(String, Duration, Verdict)>> {
        let tree = read_tree(path)?;
        let store = Store::new();
        let (chart, problems) = Chart::load(&store, &tree, "");
        let no_chart = || problems.first().map_or_else(String::new, |problem| problem.message.clone());
        let chart = chart.ok_or_else(no_chart);
        let content = fingerprint(path)?;
        let ci = names(&path.join("ci")).unwrap_or_default();
        let sets = ci.iter().filter(|name| name.ends_with("-values.yaml")).map(|name| format!("ci/{name}"));
        let sets = std::iter::once(String::new()).chain(sets);
        sets.map(|set| {
            let mut arguments: Vec<String> =
                ["--namespace", "default", "--kube-version", "1.36.0"].map(str::to_string).to_vec();
            arguments.extend_from_slice(further);
            if !set.is_empty() {
                arguments.extend(["-f".to_string(), set.clone()]);
            }
            let theirs = self.template(path, &content, &arguments)?;
            let begun = Instant::now();
            let ours = chart.as_ref().map_err(String::clone);
            let ours = ours.and_then(|chart| self.ours(&store, &tree, chart, &arguments));
            let took = begun.elapsed();
            let theirs = theirs.as_deref().map_err(String::as_str);
            let name = if set.is_empty() { "default".to_string() } else { set };
            Ok((name, took, verdict(ours, theirs)))
        })
        .collect()
    }

    fn ours(
        &self,
        store: &Store,
        tree: &Tree,
        chart: &Chart,
        arguments: &[String],
    ) -> Result<Render, String> {
        let origin = store.origins.argument("helm template release-name");
        let mut instance = support::instance(store, tree, arguments, origin, self.profile);
        instance.generated = support::PINNED;
        support::render_instance(store, chart, &instance)
    }

    /// What helm prints, or why it fails.
    fn template(
        &self,
        path: &Path,
        content: &str,
        arguments: &[String],
    ) -> std::io::Result<Result<Vec<u8>, String>> {
        let key = hex(Sha256::digest(format!("{}\0{content}\0{}", self.identity, arguments.join("\0"))));
        let (output, error) = (self.kept.join(format!("{key}.out")), self.kept.join(format!("{key}.err")));
        if let Ok(bytes) = std::fs::read(&output) {
            return Ok(Ok(bytes));
        }
        if let Ok(text) = std::fs::read_to_string(&error) {
            return Ok(Err(text));
        }
        let mut command = Command::new(&self.command);
        command.args(["template", "release-name", "."]).args(arguments);
        command.current_dir(path).env("TZ", "UTC").env("HELM_DEBUG", "false");
        let run = command.output()?;
        Ok(match run.status.success() {
            true => {
                std::fs::write(output, &run.stdout)?;
                Ok(run.stdout)
            }
            false => {
                let text = String::from_utf8_lossy(&run.stderr).into_owned();
                // Before the error stand lines of helm's log.
                let at = text.find("Error: ").unwrap_or(0);
                let text = text[at..].to_string();
                std::fs::write(error, &text)?;
                Err(text)
            }
        })
    }
}

/// The content of a chart; its directory counts, since helm prints it in some errors.
fn fingerprint(path: &Path) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    let mut open = vec![path.to_path_buf()];
    while let Some(path) = open.pop() {
        hash.update(path.as_os_str().as_encoded_bytes());
        if path.is_dir() {
            open.extend(names(&path)?.into_iter().map(|name| path.join(name)));
        } else {
            // What cannot be read, a dangling link say, has no content.
            hash.update(Sha256::digest(std::fs::read(&path).unwrap_or_default()));
        }
    }
    Ok(hex(hash.finalize()))
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
