//! Which directories are root modules.
//!
//! A directory that some other module calls by a local path is a module, not a root: it is evaluated through its
//! callers, with their arguments. What nobody calls is a root, except a library: a directory without backend,
//! provider configuration and variable files that has variables without default. Such a module is written to be
//! called from elsewhere; evaluated alone its empty variables would look like facts. It is still listed, so that
//! it can be evaluated and named as uncalled; all that rests on its variables are symbols then.

use std::collections::BTreeSet;

use crate::config::Module;
use crate::project::{Project, clean_join};

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
                let target = clean_join(directory, source);
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
    let has_values = project.tree.list(&module.directory).any(|(name, _)| {
        name.ends_with(".tfvars") || name.ends_with(".tfvars.json") || name == ".terraform.lock.hcl"
    });
    let open = declared.variables.values().any(|variable| variable.block.body.attribute("default").is_none());
    // Settings without any variable are a root; so is anything that says where its state or its cloud is.
    declared.backend.is_none() && !configured && !has_values && open
}
