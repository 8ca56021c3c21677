//! Lists the files of a chart directory as Helm does: sorted bytewise, links followed, `.helmignore` obeyed.

use iac_model::{Problem, ProblemSeverity, Tree, TreeEntry, TreeError};

use super::archive::{ENTRIES, FILE_BYTES};
use crate::ignore::{IgnoreRules, PathKind};

/// The files found, as paths inside the chart, with what was wrong on the way.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// Paths relative to the chart.
    pub(crate) names: Vec<String>,
    /// What was left out though it was not ignored.
    pub(crate) problems: Vec<Problem>,
    /// The problem for which Helm refuses the chart.
    pub(crate) refusal: Option<Problem>,
}

/// Directories inside each other, links counted; deeper ones lead in a circle.
const DEPTH: usize = 64;

/// Lists the files of the chart in `directory`.
pub(crate) fn walk(tree: &Tree, directory: &str) -> Walk {
    let mut walk = Walk::default();
    let rules = match tree.bytes(&join(directory, ".helmignore")) {
        Ok(bytes) => IgnoreRules::parse(&bytes),
        Err(_) => IgnoreRules::parse(b""),
    };
    let rules = match rules {
        Ok(rules) => Some(rules),
        Err(error) => {
            walk.refuse("chart-ignore-file", &join(directory, ".helmignore"), error.to_string());
            None
        }
    };
    let walker = Walker { tree, directory, rules };
    walker.visit("", 0, &mut walk);
    walk
}

struct Walker<'a> {
    tree: &'a Tree,
    directory: &'a str,
    rules: Option<IgnoreRules>,
}

impl Walker<'_> {
    fn visit(&self, inside: &str, depth: usize, walk: &mut Walk) {
        let path = join(self.directory, inside);
        if depth > DEPTH {
            walk.refuse(
                "chart-link",
                &path,
                "directories or links lead too deep, perhaps in a circle".into(),
            );
            return;
        }
        for (name, entry) in self.tree.list(&path) {
            if walk.names.len() >= ENTRIES {
                walk.refuse(
                    "chart-too-many-files",
                    &path,
                    format!("the chart has more than {ENTRIES} files"),
                );
                return;
            }
            let inside = join(inside, name);
            let path = join(self.directory, &inside);
            match entry {
                TreeEntry::Directory(_) => self.directory(&inside, depth, walk),
                TreeEntry::File(_) => self.file(&inside, &path, walk),
                TreeEntry::Special => {
                    if !self.ignores(&inside, PathKind::File) {
                        let what = "cannot load irregular file: it has file mode type bits set";
                        walk.refuse("chart-irregular-file", &path, what.into());
                    }
                }
                TreeEntry::Link(_) => match self.tree.resolve(&path) {
                    Ok(real) if self.tree.is_directory(&real) => self.directory(&inside, depth, walk),
                    Ok(_) => self.file(&inside, &path, walk),
                    Err(error @ TreeError::Outside(_)) => {
                        // Helm follows it; we never leave the scan root.
                        let message = format!("the link was not followed: {error}");
                        let problem = Problem::new("chart-link-outside", ProblemSeverity::Partial, message);
                        walk.problems.push(problem.path(path));
                    }
                    Err(error) => {
                        let message = format!("error evaluating symlink: {error}");
                        walk.refuse("chart-link", &path, message);
                    }
                },
            }
        }
    }

    fn directory(&self, inside: &str, depth: usize, walk: &mut Walk) {
        if !self.ignores(inside, PathKind::Directory) {
            self.visit(inside, depth + 1, walk);
        }
    }

    fn file(&self, inside: &str, path: &str, walk: &mut Walk) {
        if self.ignores(inside, PathKind::File) {
            return;
        }
        match self.tree.file(path) {
            Ok((_, file)) if file.size() > FILE_BYTES => {
                let name = inside.rsplit_once('/').map_or(inside, |(_, name)| name);
                let message =
                    format!("chart file {name:?} is larger than the maximum file size {FILE_BYTES}");
                walk.refuse("chart-file-too-large", path, message);
            }
            Ok(_) => walk.names.push(inside.into()),
            Err(error) => walk.refuse("chart-file", path, error.to_string()),
        }
    }

    fn ignores(&self, inside: &str, kind: PathKind) -> bool {
        self.rules.as_ref().is_some_and(|rules| rules.ignores(inside, kind))
    }
}

impl Walk {
    fn refuse(&mut self, code: &'static str, path: &str, message: String) {
        let problem = Problem::new(code, ProblemSeverity::Partial, message).path(path);
        self.refusal.get_or_insert_with(|| problem.clone());
        self.problems.push(problem);
    }
}

/// Joins two paths; either may be empty.
pub(crate) fn join(parent: &str, name: &str) -> String {
    match (parent.is_empty(), name.is_empty()) {
        (true, _) => name.into(),
        (_, true) => parent.into(),
        (false, false) => format!("{parent}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(entries: Vec<(&str, TreeEntry)>) -> Walk {
        let mut tree = Tree::new();
        for (path, entry) in entries {
            assert!(tree.insert(path, entry), "{path}");
        }
        walk(&tree, "web")
    }

    fn file() -> TreeEntry {
        TreeEntry::file(&b"x"[..])
    }

    #[test]
    fn files_come_sorted_and_linked_ones_too() {
        let walk = names(vec![
            ("web/templates/b.yaml", file()),
            ("web/templates/a.yaml", file()),
            ("web/templates-x", file()),
            ("web/Chart.yaml", file()),
            ("web/crds", TreeEntry::link("web/crds", "../shared")),
            ("shared/c.yaml", file()),
            ("web/.helmignore", TreeEntry::file(&b"*.bak\n/ci/"[..])),
            ("web/x.bak", file()),
            ("web/ci/values.yaml", file()),
            ("web/out", TreeEntry::link("web/out", "/etc/passwd")),
        ]);
        let expected = [
            ".helmignore",
            "Chart.yaml",
            "crds/c.yaml",
            "templates/a.yaml",
            "templates/b.yaml",
            "templates-x",
        ];
        assert_eq!(walk.names, expected);
        assert_eq!(walk.problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["chart-link-outside"]);
        assert!(walk.refusal.is_none());
    }

    #[test]
    fn circles_and_devices_refuse_the_chart() {
        let walk = names(vec![("web/a/up", TreeEntry::link("web/a/up", "..")), ("web/z", file())]);
        assert_eq!(walk.refusal.map(|problem| problem.code), Some("chart-link"));
        let walk = names(vec![("web/gone", TreeEntry::link("web/gone", "nowhere"))]);
        assert_eq!(walk.refusal.map(|problem| problem.code), Some("chart-link"));
        let walk = names(vec![("web/tty", TreeEntry::Special)]);
        assert_eq!(walk.refusal.map(|problem| problem.code), Some("chart-irregular-file"));
    }
}
