//! Which directories are root modules.
//!
//! A directory that some other module calls by a local path is a module, not a root: it is evaluated through its
//! callers, with their arguments. What nobody calls is a root, or a library: written to be called from elsewhere.
//! Evaluated alone, the empty variables of a library would look like facts. It is a root
//!
//! 1. if it says where its state or its cloud is, or has its values: a backend, a configured provider, a file of
//!    variables, a lock file;
//! 2. else not if it wants providers from its caller: `configuration_aliases`;
//! 3. else by the last folder on its path that tells: not in `modules` or `wrappers`, but in `examples`;
//! 4. else not if it takes variables without default and gives outputs, but calls no module of the same repository:
//!    that is how published modules look.
//!
//! What a person names is evaluated whatever it looks like. A library is listed too, so that it can be named, and
//! evaluated if there is nothing else.

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
    // A block with nothing but a name is how modules used to say which providers they want.
    let configures = |attribute: &iac_hcl::ast::Attribute| !matches!(&*attribute.name, "alias" | "version");
    let configured = declared.providers.values().any(|block| block.body.attributes.iter().any(configures));
    let is_value = |name: &str| {
        name.ends_with(".tfvars") || name.ends_with(".tfvars.json") || name == ".terraform.lock.hcl"
    };
    let has_values = project.tree.list(&module.directory).any(|(name, _)| is_value(name));
    if declared.backend.is_some() || configured || has_values {
        return false;
    }
    if declared.wants_providers {
        return true;
    }
    let told = module.directory.rsplit('/').find_map(|folder| match folder {
        "module" | "modules" | "wrapper" | "wrappers" => Some(true),
        "example" | "examples" => Some(false),
        _ => None,
    });
    if let Some(told) = told {
        return told;
    }
    let is_open =
        declared.variables.values().any(|variable| variable.block.body.attribute("default").is_none());
    let is_local = |source: &str| source.starts_with("./") || source.starts_with("../");
    let calls = declared.calls.values().any(|call| call.source().is_some_and(|(source, _)| is_local(source)));
    is_open && !declared.outputs.is_empty() && !calls
}

#[cfg(test)]
mod tests {
    use iac_model::{Store, Tree, TreeEntry};

    use super::*;

    /// The kinds of directories that nobody calls.
    fn kinds(files: &[(&str, &str)]) -> Vec<(String, RootKind)> {
        let (store, mut tree) = (Store::new(), Tree::new());
        for (path, text) in files {
            assert!(tree.insert(path, TreeEntry::file(text.as_bytes())), "{path}");
        }
        let roots = find(&Project::new(&store, &tree));
        roots.into_iter().map(|root| (root.directory, root.kind)).collect()
    }

    const OPEN: &str =
        "variable \"x\" {}\nresource \"a_b\" \"c\" { d = var.x }\noutput \"y\" { value = 1 }\n";

    #[test]
    fn roots_are_told_from_libraries() {
        use RootKind::{Library, Root};
        for (path, more, kind) in [
            ("infra/main.tf", "", Library),
            ("infra/main.tf", "terraform {\n  backend \"s3\" {}\n}\n", Root),
            ("infra/main.tf", "terraform {\n  cloud {}\n}\n", Root),
            ("infra/main.tf", "provider \"aws\" {\n  region = var.x\n}\n", Root),
            ("infra/main.tf", "provider \"aws\" {\n  alias = \"peer\"\n}\n", Library),
            ("infra/main.tf", "module \"m\" {\n  source = \"../m\"\n}\n", Root),
            ("infra/main.tf", "module \"m\" {\n  source = \"a/b/c\"\n}\n", Library),
            ("modules/x/main.tf", "provider \"aws\" {\n  region = \"x\"\n}\n", Root),
            ("modules/x/main.tf", "", Library),
            ("modules/x/examples/full/main.tf", "", Root),
            ("examples/full/modules/x/main.tf", "", Library),
            (
                "examples/full/main.tf",
                "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n      configuration_aliases = [aws.peer]\n    }\n  }\n}\n",
                Library,
            ),
        ] {
            let text = format!("{OPEN}{more}");
            let found = kinds(&[(path, &text)]);
            assert_eq!(found.len(), 1, "{path} {more}");
            assert_eq!(found[0].1, kind, "{path} {more}");
        }
        assert_eq!(kinds(&[("a/main.tf", OPEN), ("a/prod.tfvars", "")])[0].1, Root);
        assert_eq!(kinds(&[("a/main.tf", OPEN), ("a/.terraform.lock.hcl", "")])[0].1, Root);
        assert_eq!(kinds(&[("a/main.tf", "resource \"a_b\" \"c\" {}\n")])[0].1, Root);
    }

    #[test]
    fn what_is_called_is_neither() {
        let call = "module \"m\" {\n  source = \"../..\"\n}\n";
        let found = kinds(&[("main.tf", OPEN), ("examples/full/main.tf", call)]);
        assert_eq!(found, [("examples/full".to_owned(), RootKind::Root)]);
    }
}
