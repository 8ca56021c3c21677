//! The little that the laws need of a `Cargo.toml`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// What a crate depends on.
pub(crate) struct Manifest {
    /// The package's name without `iac-`; the root's is `iac-scan`.
    pub(crate) name: String,
    /// What the crate itself uses.
    pub(crate) dependencies: Vec<String>,
    /// What only its tests use.
    pub(crate) for_tests: Vec<String>,
}

/// Reads a manifest as this workspace writes them: one dependency a line below a header of its kind.
pub(crate) fn read(path: &Path) -> Result<Manifest> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut manifest = Manifest { name: String::new(), dependencies: Vec::new(), for_tests: Vec::new() };
    let mut section = "";
    for line in text.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']');
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim().split('.').next().unwrap_or_default().to_owned();
        match section {
            "package" if key == "name" => {
                manifest.name = value.trim().trim_matches('"').to_owned();
            }
            "dependencies" | "build-dependencies" => manifest.dependencies.push(key),
            "dev-dependencies" => manifest.for_tests.push(key),
            _ => {}
        }
    }
    if manifest.name != "iac-scan" {
        manifest.name = manifest.name.trim_start_matches("iac-").to_owned();
    }
    Ok(manifest)
}
