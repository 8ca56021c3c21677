//! Terraform from outside: what the program makes of plans, modules, releases and resources.

mod modules;
mod plans;
mod releases;
mod resources;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use support::{repository, run};

/// A copy of a folder of `testdata/terraform` as a repository of its own.
fn copied(name: &str) -> tempfile::TempDir {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/terraform").join(name);
    let mut files = Vec::new();
    collect(&folder, &folder, &mut files);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    repository(&files)
}

fn collect(base: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path: PathBuf = entry.path();
        if path.is_dir() {
            collect(base, &path, files);
        } else {
            let name = path.strip_prefix(base).expect("it is below").to_string_lossy().replace('\\', "/");
            files.push((name, fs::read_to_string(&path).expect("it is text")));
        }
    }
}

/// What the program prints as JSON, run in a directory without the settings of whoever runs the test.
fn json(directory: &Path, arguments: &[&str]) -> Value {
    let text = stdout(directory, arguments);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn stdout(directory: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = run(directory, arguments);
    assert_eq!(code, 0, "{arguments:?}: {err}");
    out
}

/// The elements of a list in a document.
fn list<'v>(document: &'v Value, key: &str) -> &'v [Value] {
    document[key].as_array().unwrap_or_else(|| panic!("no list {key} in {document:#}"))
}

/// The resource with an address.
fn resource<'v>(document: &'v Value, address: &str) -> &'v Value {
    let found = list(document, "resources").iter().filter(|one| one["address"] == address);
    let found: Vec<&Value> = found.collect();
    let [one] = found.as_slice() else { panic!("{} resources are {address}: {document:#}", found.len()) };
    one
}
