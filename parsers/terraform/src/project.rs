//! The modules of a scan, each read once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use iac_model::{FileId, FileKind, Residence, Store, Tree, TreeEntry};

use crate::config::{Module, is_configuration};
use crate::evaluated::Evaluated;
use crate::inputs::Inputs;
use crate::roots::{self, Root};
use crate::run;
use crate::stubs::Stub;

/// The Terraform modules below a scan root. Each directory is parsed once, whoever calls it; roots can be evaluated
/// from several threads.
#[derive(Debug)]
pub struct Project<'a> {
    pub(crate) store: &'a Store,
    pub(crate) tree: &'a Tree,
    modules: Mutex<HashMap<String, Arc<OnceLock<Arc<Module>>>>>,
    /// Roots that others may read the state of.
    shared: OnceLock<Vec<(String, Inputs)>>,
}

impl<'a> Project<'a> {
    /// Makes a project; reads nothing yet.
    pub fn new(store: &'a Store, tree: &'a Tree) -> Self {
        Self { store, tree, modules: Mutex::default(), shared: OnceLock::new() }
    }

    /// The directories that hold configuration files, sorted. Downloaded modules, `.git` and the like are left out.
    pub fn directories(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![String::new()];
        while let Some(directory) = open.pop() {
            let mut has_files = false;
            for (name, entry) in self.tree.list(&directory) {
                match entry {
                    TreeEntry::Directory(_) if is_walked(name) => open.push(join(&directory, name)),
                    TreeEntry::File(_) | TreeEntry::Link(_) => has_files |= is_configuration(name),
                    TreeEntry::Directory(_) | TreeEntry::Special => {}
                }
            }
            if has_files {
                found.push(directory);
            }
        }
        found.sort();
        found
    }

    /// Reads the module in a directory, so that later uses find it read; for reading many in parallel.
    pub fn warm(&self, directory: &str) {
        self.module(directory);
    }

    /// The root modules among all directories.
    pub fn roots(&self) -> Vec<Root> {
        roots::find(self)
    }

    /// Names the roots of the scan with their inputs: `terraform_remote_state` finds the outputs of a root among them
    /// that keeps its state where it looks. Only the first call counts.
    pub fn share(&self, roots: Vec<(String, Inputs)>) {
        let _ = self.shared.set(roots);
    }

    pub(crate) fn shared(&self) -> &[(String, Inputs)] {
        self.shared.get().map_or(&[], Vec::as_slice)
    }

    /// Evaluates the root module in a directory.
    pub fn evaluate(&self, directory: &str, inputs: &Inputs) -> Evaluated {
        run::evaluate(self, directory, inputs)
    }

    /// The module that stands for a well-known one.
    pub(crate) fn stub(&self, stub: &Stub) -> Arc<Module> {
        // No directory of a tree has this name.
        let name = format!("{}//{}", stub.package, stub.directory);
        self.cached(&name, || Module::embedded(self.store, &name, stub.text))
    }

    /// Tells whether a file is the text of a stub.
    pub(crate) fn is_stub(&self, file: FileId) -> bool {
        let file = self.store.sources.file(file);
        file.kind == FileKind::Terraform && file.residence == Residence::Memory
    }

    pub(crate) fn module(&self, directory: &str) -> Arc<Module> {
        self.cached(directory, || Module::read(self.store, self.tree, directory))
    }

    fn cached(&self, directory: &str, read: impl FnOnce() -> Module) -> Arc<Module> {
        let cell = {
            let mut modules = self.modules.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            Arc::clone(modules.entry(directory.to_owned()).or_default())
        };
        Arc::clone(cell.get_or_init(|| Arc::new(read())))
    }
}

/// Tells whether a directory may hold modules of the repository's own.
fn is_walked(name: &str) -> bool {
    !matches!(name, ".terraform" | ".git" | "node_modules" | ".terragrunt-cache")
}

/// Joins a directory and a name.
pub(crate) fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}
