//! Developer tasks: `cargo xtask TASK`.

mod docs;
mod golden;
mod manifest;
mod new_rule;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

const USAGE: &str = "cargo xtask TASK

  new-rule kNN RULE-ID   writes a rule's file, its two lines in kNN/mod.rs and its fixtures
  docs [--check]         writes docs/rules, docs/cli.md and docs/configuration.md, or says which of them are stale
  tidy                   checks the laws of the house: who may know whom, sizes, names
  hostile                renders charts that want too much, with time and memory of each
  parity [NAME]          compares renders of the public charts beside the checkout with Helm's recorded ones
  parity DIR [NAME] [-- HELM'S ARGUMENTS]
                         compares renders of all charts below DIR with those of the command at $HELM
  golden [CRATE]         records again what other programs make of our test inputs; needs Go";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root()?;
    match words.as_slice() {
        ["new-rule", risk, id] => new_rule::run(&root, risk, id),
        ["docs"] => docs::write(&root),
        ["docs", "--check"] => docs::check(&root),
        ["tidy"] => tidy::run(&root),
        ["hostile"] => example(&root, "hostile", &[]),
        ["parity", directory, ..] if Path::new(directory).is_dir() => example(&root, "parity", &words[1..]),
        ["parity", narrow @ ..] => example(&root, "parity", &[&[corpus(&root)?.as_str()], narrow].concat()),
        ["golden"] => golden::run(&root, None),
        ["golden", name] => golden::run(&root, Some(name)),
        _ => bail!("{USAGE}"),
    }
}

/// Runs an example of the renderer, optimised.
fn example(root: &Path, name: &str, arguments: &[&str]) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).args([
        "run",
        "--quiet",
        "--release",
        "-p",
        "iac-helm",
        "--example",
        name,
        "--",
    ]);
    match command.args(arguments).status()?.success() {
        true => Ok(()),
        false => bail!("{name} found something"),
    }
}

/// The public charts: `$IAC_SCAN_SHARED/corpus`, or beside the checkout.
fn corpus(root: &Path) -> Result<String> {
    let shared = std::env::var_os("IAC_SCAN_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let corpus = shared.join("corpus");
    ensure!(corpus.is_dir(), "there are no public charts at {}", corpus.display());
    Ok(corpus.to_string_lossy().into_owned())
}

/// The workspace's root.
fn root() -> Result<PathBuf> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    Ok(own.parent().context("xtask lies in the workspace")?.to_path_buf())
}

/// Says something to the developer.
#[expect(clippy::print_stdout, reason = "a developer's tool talks on stdout")]
fn say(text: &str) {
    println!("{text}");
}
