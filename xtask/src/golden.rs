//! Records again what other programs make of our test inputs.
//!
//! Each program that records stands in a crate's `tests/oracle`; the comment at its top says how it is run, as a
//! line `go run ...` behind a tab. This runs these very lines.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::say;

/// Runs the recorders of one crate, or of all.
pub(crate) fn run(root: &Path, only: Option<&str>) -> Result<()> {
    let mut count = 0;
    for (name, oracle) in oracles(root)? {
        if only.is_some_and(|only| only != name) {
            continue;
        }
        for line in commands(&oracle)? {
            say(&format!("{name}: {line}"));
            let status = Command::new("sh")
                .args(["-c", &line])
                .current_dir(&oracle)
                .status()
                .with_context(|| format!("{name}: {line}"))?;
            if !status.success() {
                bail!("{name}: `{line}` failed");
            }
            count += 1;
        }
    }
    if count == 0 {
        bail!("no recorder was found");
    }
    Ok(())
}

/// Crates with recorders, by name.
fn oracles(root: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    let parsers = fs::read_dir(root.join("parsers"))?;
    let crates: Vec<PathBuf> =
        parsers.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    for directory in crates.into_iter().chain([root.join("graph"), root.join("checks")]) {
        let oracle = directory.join("tests/oracle");
        if oracle.is_dir() {
            let name = directory.file_name().context("a crate has a name")?.to_string_lossy().into_owned();
            found.push((name, oracle));
        }
    }
    found.sort();
    Ok(found)
}

/// The lines that say how to record, in the order of files.
fn commands(oracle: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    let mut open = vec![oracle.to_path_buf()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "go") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut commands = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file)?;
        let comment = text.lines().take_while(|line| line.starts_with("//"));
        commands.extend(
            comment
                .filter_map(|line| line.strip_prefix("//\t"))
                .filter(|line| line.starts_with("go run"))
                .map(Into::into),
        );
    }
    Ok(commands)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorders_say_how_they_are_run() {
        let root = crate::root().expect("the workspace");
        for (name, oracle) in oracles(&root).expect("the workspace can be read") {
            let commands = commands(&oracle).expect("the recorder can be read");
            assert!(!commands.is_empty(), "{name}: no comment says how its recorder is run");
        }
    }
}
