//! The laws of the house, as far as a program can check them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::manifest::{self, Manifest};
use crate::say;

/// Who may know whom: a crate, what it may use, what its tests may use besides.
const LAW: &[(&str, &[&str], &[&str])] = &[
    ("model", &[], &[]),
    ("yaml", &["model"], &[]),
    ("gostd", &[], &[]),
    ("gotemplate", &["model", "gostd"], &[]),
    ("sprig", &["model", "gostd", "gotemplate"], &[]),
    ("helm", &["model", "yaml", "gostd", "gotemplate", "sprig"], &[]),
    ("hcl", &["model"], &[]),
    ("terraform", &["model", "yaml", "gostd", "hcl"], &[]),
    ("load", &["model", "yaml", "helm", "terraform"], &[]),
    ("graph", &["model"], &["yaml", "load", "terraform", "helm"]),
    ("checks", &["model", "graph"], &["load"]),
    (
        "iac-scan",
        &["model", "yaml", "gotemplate", "sprig", "helm", "hcl", "terraform", "load", "graph", "checks"],
        &[],
    ),
    ("xtask", &["scan"], &[]),
];

/// Libraries that give a crate its shape, each named by one crate only (tests aside).
const SHAPE: &[(&str, &str)] = &[
    ("clap", "iac-scan"),
    ("codespan-reporting", "iac-scan"),
    ("granit-parser", "yaml"),
    ("hcl-rs", "hcl"),
    ("indicatif", "iac-scan"),
    ("jsonschema", "helm"),
    ("minijinja", "iac-scan"),
    ("petgraph", "graph"),
    ("serde_yaml", "iac-scan"),
];

/// Longer files are split; tables live in `data` folders and may be longer.
const LINES: usize = 800;
/// Folders below a crate's `src`.
const DEPTH: usize = 2;
/// Names that say nothing.
const EMPTY_NAMES: &[&str] = &["common", "helper", "helpers", "manager", "misc", "util", "utils"];

/// Checks everything and names every breach.
pub(crate) fn run(root: &Path) -> Result<()> {
    let mut breaches = Vec::new();
    let mut files = Vec::new();
    for directory in crates(root)? {
        let manifest = manifest::read(&directory.join("Cargo.toml"))?;
        breaches.extend(dependencies(&manifest));
        for part in ["src", "tests", "benches"] {
            collect(&directory.join(part), &mut files)?;
        }
        breaches.extend(depth(root, &directory.join("src"))?);
    }
    for file in &files {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let name = file.strip_prefix(root).unwrap_or(file).display().to_string();
        breaches.extend(source(&name, &text));
    }
    for breach in &breaches {
        say(breach);
    }
    match breaches.len() {
        0 => {
            say(&format!("tidy: {} files, all laws kept", files.len()));
            Ok(())
        }
        count => bail!("{count} laws broken"),
    }
}

/// The directories of the workspace's crates.
fn crates(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> =
        ["", "model", "graph", "checks", "xtask"].iter().map(|name| root.join(name)).collect();
    for entry in fs::read_dir(root.join("parsers"))? {
        found.push(entry?.path());
    }
    found.retain(|directory| directory.join("Cargo.toml").is_file());
    found.sort();
    Ok(found)
}

fn dependencies(manifest: &Manifest) -> Vec<String> {
    let name = &manifest.name;
    let Some((_, allowed, in_tests)) = LAW.iter().find(|(known, ..)| known == name) else {
        return vec![format!("{name}: the law does not know this crate")];
    };
    let ours = |dependency: &str| dependency.strip_prefix("iac-").map(str::to_owned);
    let mut breaches = Vec::new();
    for dependency in manifest.dependencies.iter().filter_map(|name| ours(name)) {
        if !allowed.contains(&dependency.as_str()) {
            breaches.push(format!("{name}: may not know {dependency}"));
        }
    }
    for dependency in manifest.for_tests.iter().filter_map(|name| ours(name)) {
        if !allowed.contains(&dependency.as_str()) && !in_tests.contains(&dependency.as_str()) {
            breaches.push(format!("{name}: its tests may not know {dependency}"));
        }
    }
    for (library, owner) in SHAPE {
        if owner != name && manifest.dependencies.iter().any(|dependency| dependency == library) {
            breaches.push(format!("{name}: {library} belongs to {owner} alone"));
        }
    }
    if name == "model" && !manifest.dependencies.is_empty() {
        breaches.push("model: has no dependencies".into());
    }
    breaches
}

/// All Rust files below a directory.
fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let Ok(entries) = fs::read_dir(directory) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(())
}

fn depth(root: &Path, source: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    collect(source, &mut files)?;
    let too_deep = files.iter().filter(|file| {
        let inner = file.strip_prefix(source).unwrap_or(file);
        let folders: Vec<_> = inner.parent().into_iter().flat_map(Path::components).collect();
        let is_data = folders.iter().any(|folder| folder.as_os_str() == "data");
        folders.len() > DEPTH && !is_data
    });
    let name = |file: &PathBuf| file.strip_prefix(root).unwrap_or(file).display().to_string();
    Ok(too_deep.map(|file| format!("{}: more than {DEPTH} folders below src", name(file))).collect())
}

fn source(name: &str, text: &str) -> Vec<String> {
    let mut breaches = Vec::new();
    let in_data = name.split('/').any(|part| part == "data");
    let lines = text.lines().count();
    if lines > LINES && !in_data {
        breaches.push(format!("{name}: {lines} lines; more than {LINES} are split"));
    }
    let stem = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".rs");
    if EMPTY_NAMES.contains(&stem) {
        breaches.push(format!("{name}: the name says nothing"));
    }
    // The file of a rule starts with the rule, whose doc comment says all there is to say.
    let is_rule = text.starts_with("use ") && text.contains("\nrule! {");
    if !text.starts_with("//!") && !is_rule {
        breaches.push(format!("{name}: a file starts with a `//!` paragraph"));
    }
    // Spelled in two parts, so that this file keeps the law.
    let marker = concat!("TO", "DO");
    for (line, number) in text.lines().zip(1..) {
        if line.contains(marker) && !line.contains(&format!("{marker}(#")) {
            breaches.push(format!("{name}:{number}: {marker} without the number of an issue"));
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, dependencies: &[&str], for_tests: &[&str]) -> Manifest {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Manifest { name: name.into(), dependencies: own(dependencies), for_tests: own(for_tests) }
    }

    #[test]
    fn forbidden_edges_are_named() {
        assert!(dependencies(&manifest("graph", &["iac-model", "petgraph"], &["iac-yaml"])).is_empty());
        assert_eq!(dependencies(&manifest("graph", &["iac-yaml"], &[])), ["graph: may not know yaml"]);
        assert_eq!(
            dependencies(&manifest("yaml", &["petgraph"], &[])),
            ["yaml: petgraph belongs to graph alone"]
        );
        assert_eq!(dependencies(&manifest("model", &["regex"], &[])), ["model: has no dependencies"]);
        assert_eq!(dependencies(&manifest("new", &[], &[])).len(), 1);
    }

    #[test]
    fn sources_are_checked() {
        assert!(source("a/src/x.rs", "//! A file.\n").is_empty());
        assert_eq!(source("a/src/util.rs", "//! A file.\n").len(), 1);
        let long = format!("//! A file.\n{}", "// line\n".repeat(LINES));
        assert_eq!(source("a/src/x.rs", &long).len(), 1);
        assert!(source("a/src/data/x.rs", &long).is_empty());
    }
}
