//! Disk to [`Tree`]: the only place that reads a repository.

use std::fs;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use iac_model::{Problem, ProblemSeverity, Residence, Tree, TreeEntry};
use ignore::WalkBuilder;

use crate::{LoadError, Options};

/// Larger files are not read: no manifest, chart or configuration that people write comes near it.
pub const MAX_FILE: u64 = 64 << 20;
/// More files than this end the walk with a problem.
const MAX_FILES: usize = 2_000_000;
/// Directories that hold no source of their own and are large: never entered.
const SKIPPED: [&str; 4] = [".git", ".hg", ".svn", "node_modules"];

/// Builds the tree of everything below the given paths, as one that is rooted at `options.root`.
pub(crate) fn walk(options: &Options) -> Result<(Tree, Vec<Problem>), LoadError> {
    let mut tree = Tree::new();
    let mut problems = Vec::new();
    let exclude = globs(&options.exclude)?;
    let root = real_root(options)?;
    // A values file or variable file beside the scanned path belongs to the scan, since the command line names it.
    let named = options.named_files().map(|path| root.join(path));
    let variables = options.terraform.iter().flat_map(|root_options| {
        let directory = root.join(&root_options.root);
        root_options.var_files.iter().map(move |file| directory.join(file))
    });
    let plans = options.planned_files().map(|path| root.join(path));
    let named: Vec<PathBuf> = named.chain(variables).chain(plans).filter(|path| path.is_file()).collect();
    for path in options.paths.iter().chain(&named) {
        match fs::canonicalize(path) {
            Err(error) => {
                let reason = error_text(&error);
                problems
                    .push(lost("path-missing", format!("{}: {reason}", path.display())).path(shown(path)));
            }
            Ok(real) if !real.starts_with(&root) => problems.push(
                lost("path-outside", format!("{} lies outside of the scan root", path.display()))
                    .path(shown(path)),
            ),
            Ok(real) => add_below(&mut tree, &mut problems, options, &root, &real, &exclude),
        }
    }
    problems.sort_by(|a, b| (a.code, &a.path, &a.message).cmp(&(b.code, &b.path, &b.message)));
    Ok((tree, problems))
}

/// The Terraform plans among the files that the command line names, relative to the root.
pub(crate) fn named_plans(tree: &Tree, options: &Options) -> Result<Vec<String>, LoadError> {
    let root = real_root(options)?;
    let is_json = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "json");
    let named = options.paths.iter().filter(is_json).filter_map(|path| {
        let real = fs::canonicalize(path).ok()?;
        Some(real.strip_prefix(&root).ok()?.to_str()?.replace('\\', "/"))
    });
    Ok(named.filter(|path| tree.bytes(path).is_ok_and(|bytes| iac_terraform::is_plan(&bytes))).collect())
}

/// The root without links.
pub(crate) fn real_root(options: &Options) -> Result<PathBuf, LoadError> {
    fs::canonicalize(&options.root)
        .map_err(|error| LoadError::Root { path: options.root.clone(), reason: error_text(&error) })
}

fn add_below(
    tree: &mut Tree,
    problems: &mut Vec<Problem>,
    options: &Options,
    root: &Path,
    start: &Path,
    exclude: &GlobSet,
) {
    let mut found = collect(root, start, options.respect_gitignore, exclude, problems);
    // A chart's packed dependencies and downloaded modules are often ignored by git, yet Helm and Terraform use them.
    if options.respect_gitignore {
        let mut vendored: Vec<PathBuf> = Vec::new();
        for entry in &found {
            let Some(directory) = entry.path.parent() else { continue };
            match entry.path.file_name().and_then(|name| name.to_str()) {
                Some("Chart.yaml") => vendored.push(directory.join("charts")),
                Some(name) if is_terraform(name) => vendored.push(directory.join(".terraform/modules")),
                _ => {}
            }
        }
        vendored.sort();
        vendored.dedup();
        for directory in vendored {
            if root.join(&directory).is_dir() {
                found.extend(collect(root, &root.join(&directory), false, exclude, problems));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup_by(|a, b| a.path == b.path);
    for Found { path, what } in found {
        let Some(key) = path.to_str().map(|path| path.replace('\\', "/")) else {
            problems.push(lost("path-encoding", "the file's name is not UTF-8").path(path.to_string_lossy()));
            continue;
        };
        let entry = match what {
            What::File(size) => file_entry(root.join(&path), &key, size),
            What::Link => match fs::read_link(root.join(&path)) {
                Ok(target) => link_entry(root, &key, &target),
                Err(_) => continue,
            },
            What::Special => TreeEntry::Special,
        };
        tree.insert(&key, entry);
    }
}

struct Found {
    /// Relative to the root.
    path: PathBuf,
    what: What,
}

enum What {
    File(u64),
    Link,
    Special,
}

fn collect(
    root: &Path,
    start: &Path,
    respect_gitignore: bool,
    exclude: &GlobSet,
    problems: &mut Vec<Problem>,
) -> Vec<Found> {
    // One thread is enough to list directories, and several would wait for each other in small ones.
    let walker = WalkBuilder::new(start)
        .hidden(false)
        .parents(respect_gitignore)
        .ignore(respect_gitignore)
        .git_ignore(respect_gitignore)
        .git_exclude(respect_gitignore)
        .git_global(false)
        .follow_links(false)
        .filter_entry({
            let (root, exclude) = (root.to_owned(), exclude.clone());
            move |entry| {
                let path = entry.path().strip_prefix(&root).unwrap_or(entry.path());
                !entry.file_name().to_str().is_some_and(|name| SKIPPED.contains(&name))
                    && !exclude.is_match(path)
            }
        })
        .build();
    let mut found = Vec::new();
    for entry in walker {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let message = error.to_string().replace(&format!("{}/", root.display()), "");
                problems.push(lost("unreadable", message));
                continue;
            }
        };
        let Ok(path) = entry.path().strip_prefix(root) else { continue };
        let Some(kind) = entry.file_type() else { continue };
        let what = if kind.is_dir() {
            continue;
        } else if kind.is_symlink() {
            What::Link
        } else if kind.is_file() {
            What::File(entry.metadata().map_or(0, |metadata| metadata.len()))
        } else {
            What::Special
        };
        if found.len() >= MAX_FILES {
            let message = format!("more than {MAX_FILES} files; the rest was not read");
            problems.push(lost("too-many-files", message));
            break;
        }
        found.push(Found { path: path.to_owned(), what });
    }
    found
}

fn file_entry(path: PathBuf, key: &str, size: u64) -> TreeEntry {
    let downloaded = key.split('/').any(|part| part == ".terraform");
    let residence = if downloaded { Residence::Downloaded } else { Residence::Disk };
    TreeEntry::lazy(size, residence, move || {
        if size > MAX_FILE {
            return Err(format!("the file has {size} bytes; the limit is {MAX_FILE}"));
        }
        fs::read(&path).map_err(|error| error_text(&error))
    })
}

/// An absolute link that points into the root is as good as a relative one.
fn link_entry(root: &Path, key: &str, target: &Path) -> TreeEntry {
    match target.strip_prefix(root) {
        Ok(inside) => {
            let up = "../".repeat(key.matches('/').count());
            TreeEntry::link(key, &format!("{up}{}", inside.to_string_lossy()))
        }
        Err(_) => TreeEntry::link(key, &target.to_string_lossy()),
    }
}

pub(crate) fn is_terraform(name: &str) -> bool {
    [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|extension| name.ends_with(extension))
}

/// Compiles globs as people write them: `charts/vendor` also means everything below it.
pub(crate) fn globs(patterns: &[String]) -> Result<GlobSet, LoadError> {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        let trimmed = pattern.trim_start_matches("./").trim_end_matches('/');
        for glob in [trimmed.to_owned(), format!("{trimmed}/**")] {
            let glob = Glob::new(&glob).map_err(|error| LoadError::Glob {
                pattern: pattern.clone(),
                reason: error.kind().to_string(),
            })?;
            builder.add(glob);
        }
    }
    builder
        .build()
        .map_err(|error| LoadError::Glob { pattern: patterns.join(", "), reason: error.kind().to_string() })
}

/// The system's words without the error number.
fn error_text(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

fn lost(code: &'static str, message: impl Into<String>) -> Problem {
    Problem::new(code, ProblemSeverity::Lost, message)
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn options(root: &Path) -> Options {
        Options { root: root.into(), paths: vec![root.into()], ..Options::default() }
    }

    fn files(tree: &Tree, directory: &str, found: &mut Vec<String>) {
        for (name, entry) in tree.list(directory) {
            let path = if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
            match entry {
                TreeEntry::Directory(_) => files(tree, &path, found),
                _ => found.push(path),
            }
        }
    }

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("directories");
        fs::write(path, text).expect("a file");
    }

    #[test]
    fn ignored_files_are_left_out_but_not_what_helm_and_terraform_use() {
        let root = tempfile::tempdir().expect("a directory");
        let root = root.path();
        for path in [
            ".git/config",
            "web/Chart.yaml",
            "web/charts/db.tgz",
            "build/x.yaml",
            "main.tf",
            "keep.yaml",
            "out/y.yaml",
        ] {
            write(root, path, "a: 1\n");
        }
        write(root, ".terraform/modules/m/main.tf", "");
        write(root, ".gitignore", "*.tgz\nbuild/\n.terraform/\n");
        let options = Options { exclude: vec!["out".into()], ..options(root) };
        let (tree, problems) = walk(&options).expect("a tree");
        let mut found = Vec::new();
        files(&tree, "", &mut found);
        assert_eq!(
            found,
            [
                ".gitignore",
                ".terraform/modules/m/main.tf",
                "keep.yaml",
                "main.tf",
                "web/Chart.yaml",
                "web/charts/db.tgz"
            ]
        );
        assert!(problems.is_empty(), "{problems:?}");
        let (tree, _) = walk(&Options { respect_gitignore: false, ..options }).expect("a tree");
        assert!(tree.is_file("build/x.yaml"));
    }

    #[test]
    fn links_stay_inside_and_missing_paths_are_named() {
        let root = tempfile::tempdir().expect("a directory");
        let root = root.path();
        write(root, "a/x.yaml", "a: 1\n");
        let absolute = fs::canonicalize(root.join("a/x.yaml")).expect("it exists");
        symlink(absolute, root.join("inside.yaml")).expect("a link");
        symlink("/etc/passwd", root.join("outside.yaml")).expect("a link");
        symlink(".", root.join("loop")).expect("a link");
        let mut options = options(root);
        options.paths.push(root.join("nowhere"));
        let (tree, problems) = walk(&options).expect("a tree");
        assert_eq!(tree.bytes("inside.yaml").as_deref(), Ok(&b"a: 1\n"[..]));
        assert!(matches!(tree.bytes("outside.yaml"), Err(iac_model::TreeError::Outside(_))));
        assert!(tree.resolve("loop/loop/loop/a/x.yaml").is_ok());
        assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["path-missing"]);
    }

    #[test]
    fn huge_files_are_refused_without_being_read() {
        let root = tempfile::tempdir().expect("a directory");
        let file = fs::File::create(root.path().join("big.yaml")).expect("a file");
        file.set_len(MAX_FILE + 1).expect("a sparse file");
        let (tree, _) = walk(&options(root.path())).expect("a tree");
        assert!(tree.bytes("big.yaml").is_err_and(|error| error.to_string().contains("limit")));
    }

    #[test]
    fn patterns_must_be_globs() {
        let root = tempfile::tempdir().expect("a directory");
        let options = Options { exclude: vec!["a[".into()], ..options(root.path()) };
        assert!(matches!(walk(&options), Err(LoadError::Glob { .. })));
    }
}
