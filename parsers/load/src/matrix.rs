//! Value sets that values files make: those beside a chart, and the combinations of a matrix.

use std::collections::HashSet;

use iac_model::{Problem, ProblemSeverity, Tree, TreeEntry, join_path};

use crate::options::InstanceOptions;
use crate::walk;

/// More combinations than this are not rendered.
const COMBINATIONS: usize = 256;
/// Directories below a chart are searched so deep.
const DEPTH: usize = 6;
/// Directories beside a chart that hold one values file, or one directory of them, for each environment.
const ENVIRONMENTS: [&str; 6] = ["env", "envs", "environment", "environments", "stages", "values"];

/// The value sets of the files that lie beside a chart: by their names, in folders of environments, and those of the
/// chart's own tests.
pub(crate) fn beside(tree: &Tree, chart: &str) -> Vec<InstanceOptions> {
    let mut sets: Vec<InstanceOptions> = Vec::new();
    let mut add = |name: String, path: String| {
        // Two files may make the same short name: the second is called by its path.
        let taken = sets.iter().any(|known| known.name.as_ref() == Some(&name)) || name == "default";
        let name = if taken { without_extension(&path).to_owned() } else { name };
        sets.push(InstanceOptions { name: Some(name), values: vec![path], ..InstanceOptions::default() });
    };
    for name in files(tree, chart).filter(|name| is_values_file(name)) {
        add(stem(&name), name);
    }
    for folder in ENVIRONMENTS {
        let directory = join_path(chart, folder);
        for name in files(tree, &directory).filter(|name| is_yaml(name)) {
            add(stem(&name), format!("{folder}/{name}"));
        }
        for environment in directories(tree, &directory) {
            let inner = files(tree, &format!("{directory}/{environment}"));
            for name in inner.filter(|name| without_extension(name) == "values" || is_values_file(name)) {
                add(environment.clone(), format!("{folder}/{environment}/{name}"));
            }
        }
    }
    for name in files(tree, &join_path(chart, "ci")).filter(|name| name.ends_with("-values.yaml")) {
        add(stem(&name), format!("ci/{name}"));
    }
    sets
}

/// The combinations of the files that match the globs, each on top of `base`; none if no file matches.
pub(crate) fn sets(
    tree: &Tree,
    chart: &str,
    globs: &[String],
    base: &InstanceOptions,
    problems: &mut Vec<Problem>,
) -> Vec<InstanceOptions> {
    if globs.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    below(tree, chart, "", DEPTH, &mut all);
    let mut combinations: Vec<Vec<&String>> = vec![Vec::new()];
    for glob in globs {
        // A glob that means nothing has been refused before anything was read.
        let Ok(matcher) = walk::globs(std::slice::from_ref(glob)) else { continue };
        let matching: Vec<&String> = all.iter().filter(|path| matcher.is_match(path)).collect();
        if matching.is_empty() {
            continue;
        }
        let mut combined = Vec::new();
        for combination in &combinations {
            let room = (COMBINATIONS + 1).saturating_sub(combined.len());
            let more = matching.iter().take(room);
            combined.extend(more.map(|&path| [combination.as_slice(), &[path]].concat()));
        }
        combinations = combined;
    }
    if combinations.len() > COMBINATIONS {
        combinations.truncate(COMBINATIONS);
        let message = format!("only the first {COMBINATIONS} combinations of the values matrix are rendered");
        problems.push(Problem::new("values-matrix-cut", ProblemSeverity::Partial, message).path(chart));
    }
    let combinations = combinations.into_iter().filter(|combination| !combination.is_empty());
    let mut names: HashSet<String> = HashSet::new();
    let sets = combinations.map(|files| {
        let short: Vec<String> = files.iter().map(|path| set_name(path)).collect();
        let long: Vec<&str> = files.iter().map(|path| without_extension(path)).collect();
        let name = if names.insert(short.join("+")) { short.join("+") } else { long.join("+") };
        // The files of the matrix say what differs between the sets, so they win over the set's own.
        let values = base.values.iter().chain(files).cloned().collect();
        InstanceOptions { name: Some(name), values, ..base.clone() }
    });
    sets.collect()
}

/// `env/prod.yaml` and `env/prod/values.yaml` are both about `prod`.
fn set_name(path: &str) -> String {
    let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
    match without_extension(name) {
        "values" if !directory.is_empty() => {
            directory.rsplit_once('/').map_or(directory, |(_, last)| last).to_owned()
        }
        _ => stem(name),
    }
}

fn below(tree: &Tree, chart: &str, path: &str, depth: usize, into: &mut Vec<String>) {
    let directory = join_path(chart, path);
    let inner = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    into.extend(files(tree, &directory).filter(|name| is_yaml(name)).map(|name| inner(&name)));
    if depth == 0 {
        return;
    }
    for name in directories(tree, &directory) {
        below(tree, chart, &inner(&name), depth - 1, into);
    }
}

fn files<'t>(tree: &'t Tree, directory: &str) -> impl Iterator<Item = String> + use<'t> {
    let files = tree.list(directory).filter(|(_, entry)| matches!(entry, TreeEntry::File(_)));
    files.map(|(name, _)| name.to_owned()).collect::<Vec<_>>().into_iter()
}

fn directories(tree: &Tree, directory: &str) -> Vec<String> {
    let inner =
        |name: &str| if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
    let names = tree.list(directory).map(|(name, _)| name);
    names.filter(|name| tree.is_directory(&inner(name))).map(str::to_owned).collect()
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

fn without_extension(name: &str) -> &str {
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")).unwrap_or(name)
}

/// `values-prod.yaml`, `values.prod.yaml`, `prod.values.yaml`, `prod-values.yaml`; not `values.yaml` itself.
fn is_values_file(name: &str) -> bool {
    let stem = without_extension(name);
    is_yaml(name)
        && (["values-", "values.", "values_"].iter().any(|start| stem.starts_with(start))
            || ["-values", ".values", "_values"].iter().any(|end| stem.ends_with(end)))
}

fn stem(name: &str) -> String {
    let stem = without_extension(name);
    let mark = |c| matches!(c, '-' | '.' | '_');
    let short = stem.strip_prefix("values").map(|rest| rest.trim_start_matches(mark));
    let short = short.or_else(|| stem.strip_suffix("values").map(|rest| rest.trim_end_matches(mark)));
    short.filter(|short| !short.is_empty()).unwrap_or(stem).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> Tree {
        let mut tree = Tree::new();
        for path in paths {
            assert!(tree.insert(path, TreeEntry::file(&b"{}"[..])), "{path}");
        }
        tree
    }

    fn shown(sets: &[InstanceOptions]) -> Vec<(String, String)> {
        sets.iter().map(|set| (set.name.clone().unwrap_or_default(), set.values.join(" "))).collect()
    }

    #[test]
    fn values_files_are_told_by_their_names() {
        for name in ["values-prod.yaml", "values.prod.yml", "prod.values.yaml", "prod-values.yaml"] {
            assert!(is_values_file(name), "{name}");
            assert_eq!(stem(name), "prod", "{name}");
        }
        for name in ["values.yaml", "values.schema.json", "Chart.yaml", "prod.yaml"] {
            assert!(!is_values_file(name), "{name}");
        }
    }

    #[test]
    fn files_beside_a_chart_are_sets() {
        let tree = tree(&[
            "web/Chart.yaml",
            "web/ci/prod-values.yaml",
            "web/ci/readme.yaml",
            "web/environments/eu/values.yaml",
            "web/environments/us.yaml",
            "web/values-prod.yaml",
            "web/values.yaml",
        ]);
        let expected = [
            ("prod", "values-prod.yaml"),
            ("us", "environments/us.yaml"),
            ("eu", "environments/eu/values.yaml"),
            ("ci/prod-values", "ci/prod-values.yaml"),
        ];
        let expected = expected.map(|(name, file)| (name.to_owned(), file.to_owned()));
        assert_eq!(shown(&beside(&tree, "web")), expected);
    }

    #[test]
    fn a_matrix_combines_what_its_globs_match() {
        let paths = ["web/env/dev.yaml", "web/env/prod.yaml", "web/region/eu/values.yaml", "web/values.yaml"];
        let tree = tree(&paths);
        let base = InstanceOptions { values: vec!["base.yaml".into()], ..InstanceOptions::default() };
        let globs = ["env/*.yaml".into(), "region/*/values.yaml".into(), "none/*".into()];
        let mut problems = Vec::new();
        let found = shown(&sets(&tree, "web", &globs, &base, &mut problems));
        let expected = [
            ("dev+eu", "base.yaml env/dev.yaml region/eu/values.yaml"),
            ("prod+eu", "base.yaml env/prod.yaml region/eu/values.yaml"),
        ];
        assert_eq!(found, expected.map(|(name, files)| (name.to_owned(), files.to_owned())));
        assert_eq!(sets(&tree, "web", &globs[2..], &base, &mut problems).len(), 0);
        assert_eq!(problems, []);
    }

    #[test]
    fn a_matrix_is_bounded() {
        let names: Vec<String> = (0..20).map(|number| format!("web/env/{number}.yaml")).collect();
        let tree = tree(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let globs = ["env/*.yaml".into(), "env/*.yaml".into()];
        let mut problems = Vec::new();
        assert_eq!(
            sets(&tree, "web", &globs, &InstanceOptions::default(), &mut problems).len(),
            COMBINATIONS
        );
        assert_eq!(problems.len(), 1);
    }
}
