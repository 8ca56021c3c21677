//! Which directories are root modules.
//!
//! A directory that some other module calls by a local path is a module, not a root: it is evaluated through its
//! callers, with their arguments. What nobody calls is a root, or a library: written to be called from elsewhere.
//! Evaluated alone, the empty variables of a library would look like facts. It is a root
//!
//! 1. if it says where its state or its cloud is, or has its values: a backend, a configured provider, a file of
//!    variables, a lock file;
//! 2. else not if it lies in a folder named `modules`;
//! 3. else not if it takes variables without default and gives outputs, but calls no module of the same repository:
//!    that is how published modules look.
//!
//! A library is listed too, so that it can be named, and evaluated if somebody asks for it.

use std::collections::BTreeSet;

use crate::config::Module;
use crate::project::Project;

/// A root module, or a module that nobody calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Its directory, relative to the scan root; empty for the scan root itself.
    pub directory: String,
    /// Whether it is meant to be applied.
    pub kind: RootKind,
}

/// Whether a directory that nobody calls is meant to be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootKind {
    /// A module for others to call, which nobody in the scan calls.
    Library,
    /// A root module.
    Root,
}

pub(crate) fn find(project: &Project<'_>) -> Vec<Root> {
    let directories = project.directories();
    let mut called = BTreeSet::new();
    for directory in &directories {
        let module = project.module(directory);
        for call in module.declarations.calls.values() {
            let Some((source, _)) = call.source() else { continue };
            if source.starts_with("./") || source.starts_with("../") {
                let target = iac_model::join_path(directory, source);
                // A module that calls itself is its own problem, not a reason to skip it.
                if target != *directory {
                    called.insert(project.tree.resolve(&target).unwrap_or(target));
                }
            }
        }
    }
    let uncalled = directories.into_iter().filter(|directory| !called.contains(directory));
    uncalled
        .filter_map(|directory| {
            let module = project.module(&directory);
            let kind = if is_library(project, &module) { RootKind::Library } else { RootKind::Root };
            (!module.is_empty() || !module.problems.is_empty()).then_some(Root { directory, kind })
        })
        .collect()
}

fn is_library(project: &Project<'_>, module: &Module) -> bool {
    let declared = &module.declarations;
    let configured = declared.providers.values().any(|block| !block.body.attributes.is_empty());
    let is_value = |name: &str| {
        name.ends_with(".tfvars") || name.ends_with(".tfvars.json") || name == ".terraform.lock.hcl"
    };
    let has_values = project.tree.list(&module.directory).any(|(name, _)| is_value(name));
    if declared.backend.is_some() || configured || has_values {
        return false;
    }
    if module.directory.split('/').any(|part| matches!(part, "module" | "modules")) {
        return true;
    }
    let is_open =
        declared.variables.values().any(|variable| variable.block.body.attribute("default").is_none());
    let is_local = |source: &str| source.starts_with("./") || source.starts_with("../");
    let calls = declared.calls.values().any(|call| call.source().is_some_and(|(source, _)| is_local(source)));
    is_open && !declared.outputs.is_empty() && !calls
}
