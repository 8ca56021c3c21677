//! Developer tasks: `cargo xtask TASK`.

mod docs;
mod golden;
mod manifest;
mod new_rule;
mod tidy;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

const USAGE: &str = "cargo xtask TASK

  new-rule kNN RULE-ID   writes a rule's file, its two lines in kNN/mod.rs and its fixtures
  docs [--check]         writes docs/rules and docs/cli.md, or says which of them are stale
  tidy                   checks the laws of the house: who may know whom, sizes, names
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
        ["golden"] => golden::run(&root, None),
        ["golden", name] => golden::run(&root, Some(name)),
        _ => bail!("{USAGE}"),
    }
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
