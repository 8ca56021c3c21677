//! Finds and reads what a repository holds: paths in, resources out.
//!
//! `walk` turns the disk into a tree, `discover` says what is in it, and each kind of input has a file of its own
//! that turns it into resources. Everything runs in parallel; results are in the order of paths.

mod charts;
mod components;
mod dependencies;
mod discover;
mod embedded;
mod guard;
mod kubernetes;
mod loaded;
mod manifests;
mod matrix;
mod options;
mod releases;
mod template;
mod terraform;
mod walk;

use iac_model::{Store, Tree, Unit, UnitKind, UnitState};
use rayon::prelude::*;

use charts::Installation;
use discover::Discovered;
use guard::guarded;
use loaded::Part;

pub use charts::{is_kube_version, set_file_places};
pub use loaded::{Decision, Loaded, Output};
pub use options::{ChartOptions, InstanceOptions, LoadError, Options, RootOptions, SetFlag, SetKind};
pub use template::{Printed, Template, TemplateOptions, template};
pub use walk::MAX_FILE;

/// Reads everything below the paths of `options`.
///
/// # Errors
/// When the root cannot be read or a pattern is no glob. Whatever else goes wrong is a problem in the result.
pub fn load(store: &Store, options: &Options) -> Result<Loaded, LoadError> {
    let (tree, problems) = walk::walk(options)?;
    let mut options = options.clone();
    options.plans.extend(walk::named_plans(&tree, &options)?);
    let mut loaded = load_tree(store, &tree, &options)?;
    loaded.problems.splice(0..0, problems);
    Ok(loaded)
}

/// Reads everything in a tree.
///
/// # Errors
/// When a pattern is no glob.
pub fn load_tree(store: &Store, tree: &Tree, options: &Options) -> Result<Loaded, LoadError> {
    let forced = walk::globs(&options.include)?;
    let matrices = options.charts.iter().flat_map(|chart| &chart.matrix);
    walk::globs(&options.matrix.iter().chain(matrices).cloned().collect::<Vec<_>>())?;
    let mut found = discover::discover(tree, &forced);
    let plans: Vec<String> = options.planned_files().collect();
    found.documents.retain(|path| !plans.contains(path));
    let mut loaded = Loaded::default();
    let namespace = options.namespace.as_deref();
    let read_one = |path: &String, component: bool| {
        let unit = || unit_of(path, component);
        let read = || match component {
            true => manifests::read_component(store, tree, path, forced.is_match(path)),
            false => manifests::read(store, tree, path, namespace),
        };
        guarded(unit, read).unwrap_or_else(|part| Some(*part))
    };
    let documents = found.documents.par_iter().map(|path| read_one(path, false)).collect::<Vec<_>>();
    let components = found.components.par_iter().map(|path| read_one(path, true)).collect::<Vec<_>>();
    let mut parts: Vec<Part> = documents.into_iter().chain(components).flatten().collect();
    let has_terraform = found.terraform || !plans.is_empty();
    let terraform = if has_terraform { terraform::read(store, tree, options) } else { Default::default() };
    parts.extend(read_charts(store, tree, &found, options, &terraform.releases));
    parts.extend(terraform.parts);
    parts.sort_by(|a, b| (&a.unit.path, a.unit.kind).cmp(&(&b.unit.path, b.unit.kind)));
    for part in parts {
        loaded.add(part);
    }
    loaded.problems.extend(terraform.problems);
    loaded.outputs = terraform.outputs;
    Ok(loaded)
}

fn read_charts(
    store: &Store,
    tree: &Tree,
    found: &Discovered,
    options: &Options,
    releases: &[(String, Installation)],
) -> Vec<Part> {
    // A release may install a chart that is another chart's, or one of a directory that is no chart to us.
    let mut paths: Vec<&String> = found.charts.iter().collect();
    paths.extend(releases.iter().map(|(path, _)| path));
    paths.sort();
    paths.dedup();
    let directories = paths.par_iter().map(|path| charts::load(store, tree, path));
    let mut charts: Vec<charts::Loaded> = directories.collect();
    let archives = found.archives.iter().filter(|path| !paths.contains(path)).collect::<Vec<_>>();
    let archives = archives.par_iter().map(|path| charts::load(store, tree, path));
    let archives: Vec<charts::Loaded> = archives.collect();
    // A package beside its source is the same chart.
    charts.extend(charts::without_twins(archives, &charts));
    dependencies::complete(store, &mut charts);
    let parts = charts.par_iter_mut().map(|chart| {
        let released = releases.iter().filter(|(path, _)| *path == chart.path);
        let released: Vec<Installation> = released.map(|(_, installation)| installation.clone()).collect();
        let installations = charts::installations(store, tree, chart, options, &released);
        charts::render(store, chart, &installations, options)
    });
    parts.flatten_iter().collect()
}

fn unit_of(path: &str, component: bool) -> Unit {
    let kind = if component { UnitKind::Component } else { UnitKind::Manifest };
    Unit { kind, path: path.to_owned(), instance: None, installer: None, state: UnitState::Lost }
}
