//! What tests of the program share.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "each test uses a part, and none of it is an interface"
)]

pub mod git;
pub mod sarif;

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// A repository with these files.
pub fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    fs::create_dir(directory.path().join(".git")).expect("made");
    for (path, text) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("made");
        fs::write(path, text).expect("written");
    }
    directory
}

/// The program, run in a directory, without the settings of whoever runs the test.
pub fn program(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("iac-scan").expect("the program is built");
    command.current_dir(directory).args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("IAC_SCAN_")) {
        command.env_remove(name);
    }
    command.env_remove("CI").env_remove("FORCE_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

/// Exit code, stdout and stderr.
pub fn run(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = program(directory, arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is UTF-8");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

#[expect(clippy::print_stdout, reason = "a test that did not run says so")]
/// The folder of public charts, Terraform and labelled scenarios beside the checkout; `None` says that it is missing.
pub fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let named = std::env::var_os("IAC_SCAN_SHARED").map(PathBuf::from);
    let found = named.into_iter().chain([beside]).find(|path| path.is_dir());
    if found.is_none() {
        println!("skipped: there is nothing at ../shared or $IAC_SCAN_SHARED");
    }
    found.and_then(|path| path.canonicalize().ok())
}
