//! Real repositories of git.

use std::path::Path;
use std::process::Command;

/// Tells whether programs are there; says which are not.
#[expect(clippy::print_stdout, reason = "a test that did not run says so")]
pub fn has(programs: &[&str]) -> bool {
    let runs = |program: &&str| {
        Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
    };
    let missing: Vec<&str> = programs.iter().copied().filter(|program| !runs(program)).collect();
    if !missing.is_empty() {
        println!("skipped: {} not there", missing.join(", "));
    }
    missing.is_empty()
}

/// Runs git in a directory, without the settings of whoever runs the test; gives what it prints.
pub fn git(directory: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(directory).args(["-c", "user.name=a", "-c", "user.email=a@example.org"]);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.args(arguments).output().expect("it runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Commits everything; gives the commit.
pub fn commit(directory: &Path) -> String {
    git(directory, &["add", "--all"]);
    git(directory, &["commit", "--quiet", "--message", "a change"]);
    git(directory, &["rev-parse", "HEAD"])
}

/// A repository with these files in one commit.
pub fn committed(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = super::repository(files);
    std::fs::remove_dir(directory.path().join(".git")).expect("it is empty");
    git(directory.path(), &["init", "--quiet", "--initial-branch", "main"]);
    commit(directory.path());
    directory
}
