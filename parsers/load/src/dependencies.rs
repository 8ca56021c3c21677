//! Dependencies that are not in `charts/`, but elsewhere in the scan root: a repository of many charts keeps each of
//! them once, and `helm dependency build` copies them where they are needed.

use std::sync::Arc;

use iac_helm::{Chart, Dependency};
use iac_model::{OriginId, Problem, ProblemSeverity, Store, join_path};

use crate::charts::Loaded;

/// Charts inside each other; as many as the renderer reads from disk.
const DEPTH: usize = 20;
/// Charts of one chart, those inside each other included.
const CHARTS: usize = 500;

/// Gives each chart the dependencies that lie elsewhere: where `file://` leads to, or the chart of that name whose
/// version is in range.
pub(crate) fn complete(store: &Store, charts: &mut [Loaded]) {
    let missing = |at: usize| charts[at].chart.iter().flat_map(|chart| chart.missing());
    let found: Vec<Vec<Found>> = (0..charts.len())
        .map(|at| missing(at).filter_map(|wanted| find(charts, at, wanted)).collect())
        .collect();
    let sizes = charts.iter().map(|loaded| loaded.chart.as_deref().map_or(Size::ZERO, Size::of)).collect();
    let is_done = vec![false; charts.len()];
    let mut work = Work { store, charts, found, sizes, is_done };
    (0..work.found.len()).for_each(|at| work.complete(at, 0));
}

/// A dependency that lies elsewhere.
#[derive(Clone, Copy)]
struct Found {
    /// Its place among the charts.
    at: usize,
    /// Where it is asked for.
    wanted: OriginId,
    /// Nothing but its name and version says that it is the one.
    by_name: bool,
}

fn find(charts: &[Loaded], parent: usize, wanted: &Dependency) -> Option<Found> {
    let repository = wanted.repository.to_str_lossy();
    let by_name = !repository.starts_with("file://");
    let origin = wanted.name.origin();
    let others = charts.iter().enumerate().filter(|(at, _)| *at != parent);
    let others = others.filter_map(|(at, loaded)| Some((at, loaded, loaded.chart.as_deref()?)));
    let at = if let Some(path) = repository.strip_prefix("file://") {
        let path = join_path(&charts[parent].path, path.trim_end_matches('/'));
        let is_it = |loaded: &Loaded, chart: &Chart| {
            loaded.path == path && chart.name().bytes() == wanted.name.bytes()
        };
        others.into_iter().find(|(_, loaded, chart)| is_it(loaded, chart)).map(|(at, ..)| at)
    } else {
        let fits = others.filter(|(.., chart)| wanted.accepts(chart.name(), &chart.metadata.version));
        // The closest one: with the longest way from the root in common.
        fits.min_by_key(|(_, loaded, _)| std::cmp::Reverse(in_common(&loaded.path, &charts[parent].path)))
            .map(|(at, ..)| at)
    };
    at.map(|at| Found { at, wanted: origin, by_name })
}

/// Counts the directories that two paths begin with.
fn in_common(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}

/// How much a chart holds.
#[derive(Clone, Copy)]
struct Size {
    /// Charts inside each other.
    depth: usize,
    /// It and all charts in it.
    charts: usize,
}

impl Size {
    const ZERO: Self = Self { depth: 0, charts: 0 };

    fn of(chart: &Chart) -> Self {
        chart.subcharts.iter().fold(Self { depth: 1, charts: 1 }, |size, inner| size.with(Self::of(inner)))
    }

    fn with(self, inner: Self) -> Self {
        Self { depth: self.depth.max(inner.depth + 1), charts: self.charts + inner.charts }
    }
}

struct Work<'a> {
    store: &'a Store,
    charts: &'a mut [Loaded],
    found: Vec<Vec<Found>>,
    sizes: Vec<Size>,
    is_done: Vec<bool>,
}

impl Work<'_> {
    /// Completes a chart after those that it needs.
    fn complete(&mut self, at: usize, depth: usize) {
        if depth > DEPTH || std::mem::replace(&mut self.is_done[at], true) {
            return;
        }
        for found in self.found[at].clone() {
            self.complete(found.at, depth + 1);
            let size = self.sizes[at].with(self.sizes[found.at]);
            let Some(inner) = self.charts[found.at].chart.clone() else { continue };
            let inner_path = self.charts[found.at].path.clone();
            let loaded = &mut self.charts[at];
            // A chart that another one holds already stands in a circle with it.
            let Some(chart) = loaded.chart.as_mut().and_then(Arc::get_mut) else { continue };
            if size.depth > DEPTH || size.charts > CHARTS {
                continue;
            }
            self.sizes[at] = size;
            if found.by_name {
                let name = inner.name().to_str_lossy();
                let version = inner.metadata.version.to_str_lossy();
                let message =
                    format!("{name} is not in charts/; version {version} at {inner_path} stands for it");
                let problem = Problem::new("chart-dependency-elsewhere", ProblemSeverity::Note, message);
                loaded.problems.push(match self.store.origins.place(found.wanted) {
                    Some(span) => problem.at(span),
                    None => problem.path(&loaded.path),
                });
            }
            chart.adopt(inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::{Tree, TreeEntry};

    /// Each chart as `path: name version; dependency version repository; ...`.
    fn completed(charts: &[&str]) -> Vec<String> {
        let store = Store::new();
        let mut tree = Tree::new();
        let mut paths = Vec::new();
        for chart in charts {
            let (path, rest) = chart.split_once(": ").expect("a path");
            let mut parts = rest.split("; ");
            let (name, version) = parts.next().and_then(|own| own.split_once(' ')).expect("a version");
            let mut text = format!("apiVersion: v2\nname: {name}\nversion: {version}\ndependencies:\n");
            for dependency in parts {
                let [name, version, repository] = dependency.split(' ').collect::<Vec<_>>()[..] else {
                    panic!("three words: {dependency}")
                };
                let entry = format!("- {{name: {name}, version: '{version}', repository: '{repository}'}}\n");
                text.push_str(&entry);
            }
            tree.insert(&format!("{path}/Chart.yaml"), TreeEntry::file(text.into_bytes()));
            paths.push(path);
        }
        let mut all: Vec<Loaded> =
            paths.iter().map(|path| crate::charts::load(&store, &tree, path)).collect();
        complete(&store, &mut all);
        let chart = |loaded: &Loaded| {
            let notes: String = loaded.problems.iter().map(|note| format!(" ({})", note.message)).collect();
            format!("{}{notes}", shown(loaded.chart.as_deref().expect("a chart")))
        };
        all.iter().map(chart).collect()
    }

    fn shown(chart: &Chart) -> String {
        let inner: Vec<String> = chart.subcharts.iter().map(|inner| shown(inner)).collect();
        let name = chart.name().to_str_lossy();
        if inner.is_empty() { name.into() } else { format!("{name}[{}]", inner.join(" ")) }
    }

    #[test]
    fn a_path_leads_to_the_chart() {
        assert_eq!(
            completed(&[
                "nova: nova 1.0.0; toolkit >=0.1.0 file://../toolkit; keystone 1.0.0 file://../keystone/",
                "keystone: keystone 1.0.0; toolkit >=0.1.0 file://../toolkit",
                "toolkit: toolkit 0.2.0",
                "other: other 1.0.0; toolkit 1.x file://../../toolkit; keystone 1.0.0 file://../toolkit",
            ]),
            ["nova[keystone[toolkit] toolkit]", "keystone[toolkit]", "toolkit", "other"]
        );
    }

    #[test]
    fn name_and_version_find_the_closest_chart() {
        assert_eq!(
            completed(&[
                "a/web: web 1.0.0; common 2.x.x oci://example.org/charts; db 1.0.0 https://example.org",
                "a/common: common 2.3.0",
                "b/common: common 2.4.0",
                "b/db: db 2.0.0; common 2.x.x oci://example.org/charts",
            ]),
            [
                "web[common] (common is not in charts/; version 2.3.0 at a/common stands for it)",
                "common",
                "common",
                "db[common] (common is not in charts/; version 2.4.0 at b/common stands for it)",
            ]
        );
    }

    #[test]
    fn circles_and_towers_end() {
        let circle =
            ["a: a 1.0.0; b 1.0.0 file://../b", "b: b 1.0.0; a 1.0.0 file://../a; b 1.0.0 file://../b"];
        assert_eq!(completed(&circle), ["a", "b[a]"]);
        // Each chart needs all below it: in full that is a million charts.
        let tower: Vec<String> = (0..20)
            .map(|level| {
                let below = (0..level).map(|below| format!("; c{below} 1.0.0 file://../c{below}"));
                format!("c{level}: c{level} 1.0.0{}", below.collect::<String>())
            })
            .collect();
        let tower: Vec<&str> = tower.iter().map(String::as_str).collect();
        let largest = completed(&tower).iter().map(|chart| chart.matches('c').count()).max();
        assert!(largest <= Some(CHARTS), "{largest:?}");
    }
}
