//! Which chart a `helm_release` installs.

use iac_model::{Resource, ResourceKind, SymbolId, Text, Tree, Value};

use crate::evaluated::Evaluated;
use crate::project::{Project, join};

/// Where the chart of a `helm_release` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChartLocation {
    /// A directory or archive in the scan, relative to the scan root.
    Local(String),
    /// A path to which nothing leads, relative to the scan root.
    Missing(String),
    /// A path that leaves the scan root, as it is written.
    Outside(String),
    /// In a repository or registry; what lies there is not fetched.
    Remote {
        /// Name of the chart, or its whole address: `oci://registry/chart`.
        chart: String,
        /// Address of its repository.
        repository: Option<String>,
        /// Version constraint.
        version: Option<String>,
    },
    /// The reference holds an unknown.
    Unknown(SymbolId),
}

impl Project<'_> {
    /// Finds the chart that a `helm_release` or `data.helm_template` of an evaluated root names; `None` if it names
    /// none.
    ///
    /// A path is relative to the directory that Terraform runs in: that of the root module. If nothing is there, the
    /// directory of the module that holds the block is tried, then the scan root, then `charts/NAME` in all three for
    /// a copy of a remote chart.
    pub fn chart_location(&self, evaluated: &Evaluated, resource: &Resource) -> Option<ChartLocation> {
        let ResourceKind::Terraform(id) = &resource.kind else { return None };
        let value = resource.body.get("chart").filter(|value| !value.is_null())?;
        let chart = match value.as_text() {
            Some(text) => self.path_text(text),
            None => Err(value.symbol()?),
        };
        let chart = match chart {
            Ok(chart) => chart,
            Err(symbol) => return Some(ChartLocation::Unknown(symbol)),
        };
        let text =
            |name: &str| resource.body.get(name).and_then(Value::as_text).filter(|text| !text.is_empty());
        let repository = text("repository").and_then(|text| self.path_text(text).ok());
        let module = evaluated.calls.iter().find(|call| call.address == id.module);
        let module = module.and_then(|call| call.directory.as_deref()).unwrap_or(&id.root);
        let places = [id.root.as_str(), module, ""];
        // terraform-provider-helm: resolveChartName.
        let path = match &repository {
            Some(repository) if !is_absolute(repository) && !chart.contains('/') => {
                format!("{}/{chart}", repository.trim_end_matches('/'))
            }
            _ => chart.clone(),
        };
        let tree = self.tree;
        if !is_absolute(&path) {
            if let Some(found) = places.iter().find_map(|place| existing(tree, place, &path)) {
                return Some(ChartLocation::Local(found));
            }
            if path.starts_with('.') {
                let path = iac_model::join_path(&id.root, &path);
                let outside = path.split('/').next() == Some("..");
                return Some(if outside {
                    ChartLocation::Outside(path)
                } else {
                    ChartLocation::Missing(path)
                });
            }
        } else if path.starts_with('/') {
            return Some(ChartLocation::Outside(path));
        }
        let name = chart.trim_end_matches('/').rsplit('/').next().unwrap_or(&chart);
        let copy = places.iter().find_map(|place| existing(tree, place, &format!("charts/{name}")));
        Some(match copy {
            Some(found) => ChartLocation::Local(found),
            None => {
                let version = text("version").and_then(Text::as_str).map(str::to_owned);
                ChartLocation::Remote { chart, repository, version }
            }
        })
    }

    /// A text as a path. The directory in which Terraform runs is that of the root module.
    fn path_text(&self, text: &Text) -> Result<String, SymbolId> {
        let mut out = String::new();
        for (range, run) in text.runs() {
            match run.symbol {
                None => out.push_str(&String::from_utf8_lossy(&text.bytes()[range])),
                Some(symbol)
                    if range.start == 0 && self.store.symbols.get(symbol).address.ends_with("path.cwd") =>
                {
                    out.push('.');
                }
                Some(symbol) => return Err(symbol),
            }
        }
        Ok(out)
    }
}

/// Tells whether a text is an address or an absolute path.
fn is_absolute(text: &str) -> bool {
    text.contains("://") || text.starts_with('/')
}

/// The chart at a path relative to a place, if one is there: a directory with a `Chart.yaml` or an archive.
fn existing(tree: &Tree, place: &str, path: &str) -> Option<String> {
    let path = iac_model::join_path(place, path);
    if path.split('/').next() == Some("..") {
        return None;
    }
    let real = tree.resolve(&path).ok()?;
    let is_chart =
        tree.is_file(&join(&real, "Chart.yaml")) || (real.ends_with(".tgz") && tree.is_file(&real));
    is_chart.then_some(real)
}

#[cfg(test)]
mod tests {
    use iac_model::{Store, TreeEntry};

    use super::*;
    use crate::Inputs;

    #[test]
    fn charts_are_found_where_helm_looks() {
        let releases = [
            ("\"${path.module}/../charts/web\"", ChartLocation::Local("charts/web".into())),
            ("\"${path.cwd}/../charts/web\"", ChartLocation::Local("charts/web".into())),
            ("\"./gone\"", ChartLocation::Missing("infra/gone".into())),
            ("\"../../x\"", ChartLocation::Outside("../x".into())),
            ("\"/charts/web\"", ChartLocation::Outside("/charts/web".into())),
            ("\"web\"\n repository = \"../charts\"", ChartLocation::Local("charts/web".into())),
            ("\"oci://registry/web\"", ChartLocation::Local("charts/web".into())),
            (
                "\"redis\"\n repository = \"https://example.org\"\n version = \"1\"",
                ChartLocation::Remote {
                    chart: "redis".into(),
                    repository: Some("https://example.org".into()),
                    version: Some("1".into()),
                },
            ),
        ];
        for (chart, expected) in releases {
            let store = Store::new();
            let mut tree = Tree::new();
            let text = format!("resource \"helm_release\" \"r\" {{\n chart = {chart}\n}}\n");
            assert!(tree.insert("infra/main.tf", TreeEntry::file(text.into_bytes())));
            assert!(tree.insert("charts/web/Chart.yaml", TreeEntry::file(&b"name: web"[..])));
            let project = Project::new(&store, &tree);
            let evaluated = project.evaluate("infra", &Inputs::default());
            let found = project.chart_location(&evaluated, &evaluated.resources[0]);
            assert_eq!(found, Some(expected), "{chart}");
        }
    }
}
