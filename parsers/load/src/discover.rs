//! What a tree holds: charts, Terraform, files that may be manifests or component configuration.

use globset::GlobSet;
use iac_model::{Tree, TreeEntry};

use crate::walk::is_terraform;

/// What was found, each list in the order of paths.
#[derive(Debug, Default)]
pub(crate) struct Discovered {
    /// Directories that hold a `Chart.yaml` and are no subchart of another.
    pub(crate) charts: Vec<String>,
    /// Packed charts outside of any chart.
    pub(crate) archives: Vec<String>,
    /// Files that may hold manifests or component configuration.
    pub(crate) documents: Vec<String>,
    /// Files that may hold component flags, tokens or kubeconfigs although they are no YAML by name.
    pub(crate) components: Vec<String>,
    /// Whether there is any Terraform.
    pub(crate) terraform: bool,
}

/// Deeper directories are not entered; a tree built from disk ends far before.
const DEPTH: usize = 256;

/// Finds everything. `forced` names files that are read although their names say nothing.
pub(crate) fn discover(tree: &Tree, forced: &GlobSet) -> Discovered {
    let mut found = Discovered::default();
    visit(tree, "", false, forced, &mut found, 0);
    found
}

fn visit(
    tree: &Tree,
    directory: &str,
    in_chart: bool,
    forced: &GlobSet,
    found: &mut Discovered,
    depth: usize,
) {
    if depth > DEPTH {
        return;
    }
    let is_chart = tree.list(directory).any(|(name, entry)| name == "Chart.yaml" && is_file(entry));
    if is_chart {
        found.charts.push(directory.to_owned());
    }
    let in_chart = in_chart || is_chart;
    for (name, entry) in tree.list(directory) {
        let path = if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
        match entry {
            TreeEntry::Directory(_) if name == ".terraform" => {}
            // A chart's own subcharts and templates are its business.
            TreeEntry::Directory(_) if is_chart && matches!(name, "charts" | "crds" | "templates") => {}
            TreeEntry::Directory(_) => visit(tree, &path, in_chart, forced, found, depth + 1),
            TreeEntry::File(_) => sort_in(name, path, in_chart, forced, found),
            TreeEntry::Link(_) | TreeEntry::Special => {}
        }
    }
}

fn sort_in(name: &str, path: String, in_chart: bool, forced: &GlobSet, found: &mut Discovered) {
    let lower = name.to_ascii_lowercase();
    let has = |extensions: &[&str]| extensions.iter().any(|extension| lower.ends_with(extension));
    if is_terraform(name) {
        found.terraform = true;
    } else if forced.is_match(&path) {
        found.components.push(path);
    } else if in_chart {
        // Neither manifests nor configuration: values, dashboards, files for `.Files.Get`.
    } else if has(&[".yaml", ".yml", ".json"]) {
        found.documents.push(path);
    } else if is_packed_chart(name) {
        found.archives.push(path);
    } else if has(&[".conf", ".kubeconfig", ".service", ".env", ".csv"])
        || lower.starts_with("kubeconfig")
        || matches!(lower.as_str(), "kubelet" | "config")
    {
        found.components.push(path);
    }
}

/// `redis-17.0.1.tgz`: what `helm package` writes. Other archives are nobody's business.
fn is_packed_chart(name: &str) -> bool {
    let version = name.strip_suffix(".tgz").and_then(|stem| {
        let start =
            stem.match_indices('-').find(|(at, _)| stem[at + 1..].starts_with(|c: char| c.is_ascii_digit()));
        start.map(|(at, _)| &stem[at + 1..])
    });
    version.is_some_and(|version| version.split('.').count() >= 3)
}

fn is_file(entry: &TreeEntry) -> bool {
    matches!(entry, TreeEntry::File(_) | TreeEntry::Link(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> Tree {
        let mut tree = Tree::new();
        for path in paths {
            assert!(tree.insert(path, TreeEntry::file(&b""[..])), "{path}");
        }
        tree
    }

    #[test]
    fn charts_keep_what_is_theirs() {
        let tree = tree(&[
            "deploy/web/Chart.yaml",
            "deploy/web/values.yaml",
            "deploy/web/templates/a.yaml",
            "deploy/web/charts/db/Chart.yaml",
            "deploy/web/charts/db/values.yaml",
            "deploy/web/examples/other/Chart.yaml",
            "deploy/web/files/dashboard.json",
            "k8s/pod.yaml",
            "k8s/kubelet.conf",
            "packed/redis-1.0.0.tgz",
            "infra/main.tf",
            "infra/.terraform/modules/x/main.tf",
        ]);
        let found = discover(&tree, &GlobSet::empty());
        assert_eq!(found.charts, ["deploy/web", "deploy/web/examples/other"]);
        assert_eq!(found.documents, ["k8s/pod.yaml"]);
        assert_eq!(found.components, ["k8s/kubelet.conf"]);
        assert_eq!(found.archives, ["packed/redis-1.0.0.tgz"]);
        assert!(found.terraform);
    }

    #[test]
    fn named_files_are_read_whatever_they_are_called() {
        let tree = tree(&["boot/field-access", "web/Chart.yaml", "web/ci/kubeconfig.txt"]);
        let forced = crate::walk::globs(&["boot".into(), "web/ci/*.txt".into()]).expect("globs");
        assert_eq!(discover(&tree, &forced).components, ["boot/field-access", "web/ci/kubeconfig.txt"]);
    }
}
