//! Calls of modules: where the module is, and its instances.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use iac_hcl::{Error, Fields, Type, Value};
use iac_model::{FileKind, Input, Origin, OriginId, Problem, ProblemSeverity, Reason, Span, json};

use super::address::Each;
use super::expand::{self, Expansion};
use super::instance::Caller;
use super::scope::literal_key;
use super::{Instance, InstanceScope, Run};
use crate::config::ModuleCall;
use crate::project::join;
use crate::stubs::{self, Stub};

/// Modules that call modules deeper than this are cut: no configuration needs it, and a cycle has no end.
const DEPTH: usize = 32;

/// Arguments of a module call that are Terraform's own.
pub(crate) const META: [&str; 6] = ["count", "depends_on", "for_each", "providers", "source", "version"];

/// All instances of a module call.
pub(crate) struct ExpandedCall {
    pub(crate) expansion: Expansion,
    /// One for each of the expansion; empty if nothing is known of the module.
    pub(crate) instances: Vec<Rc<Instance>>,
    /// The module's directory; `None` if it is not on disk.
    pub(crate) directory: Option<String>,
    address: String,
    pub(crate) origin: OriginId,
}

impl ExpandedCall {
    /// The instance that a literal key names; without a key the only one.
    pub(crate) fn instance(&self, key: Option<&Value>) -> Option<&Rc<Instance>> {
        match (&self.expansion, key) {
            (Expansion::Single, None) => self.instances.first(),
            (Expansion::Any(..), Some(_)) => self.instances.first(),
            (Expansion::Counted(all) | Expansion::Named(all), Some(key)) => {
                let key = literal_key(key)?;
                let at = all.iter().position(|each| each.key == key)?;
                self.instances.get(at)
            }
            _ => None,
        }
    }

    /// The value of the call: an object of all outputs, or what holds one for each instance.
    pub(crate) fn value(&self, run: &Run<'_>, span: Span) -> Value {
        let open = |each: &Each| {
            let address = format!("{}{}", self.address, each.key.suffix());
            run.unknown(&address, Reason::Module, Type::Any, self.origin).not_null()
        };
        if self.instances.is_empty() && self.directory.is_none() {
            let values = self.expansion.each().iter().map(open).collect();
            return expand::collect(run, &self.expansion, values, &self.address, None, self.origin);
        }
        let values = self.instances.iter().zip(self.expansion.each()).map(|(instance, each)| {
            let mut fields = Fields::new();
            for (name, output) in &instance.module.declarations.outputs {
                if let Some(value) = instance.output(run, name, span) {
                    fields.insert(Arc::clone(name), output.block.header_origin(run.store), value);
                }
            }
            match instance.stub {
                // The module has more outputs than its stub.
                Some(_) => open(each).with_fields(fields),
                None => Value::object(fields, self.origin),
            }
        });
        let values = values.collect();
        expand::collect(run, &self.expansion, values, &self.address, None, self.origin)
    }
}

pub(super) fn expand(run: &Run<'_>, instance: &Rc<Instance>, name: &Arc<str>) -> ExpandedCall {
    let address = instance.address(&format!("module.{name}"));
    let Some(call) = instance.module.declarations.calls.get(name) else {
        let origin = run.store.origins.argument(address.clone());
        let expansion = Expansion::Counted(Vec::new());
        return ExpandedCall { expansion, instances: Vec::new(), directory: None, address, origin };
    };
    let scope = InstanceScope { owner: address.clone(), ..InstanceScope::new(run, instance) };
    let expansion = expand::expand(&scope, &call.block.body, &address);
    let header = call.block.header;
    let origin = match &expansion {
        Expansion::Any(_, symbol) => run.store.origins.add_assuming(Origin::Written(header), *symbol),
        Expansion::Counted(_) | Expansion::Named(_) | Expansion::Single => {
            call.block.header_origin(run.store)
        }
    };
    let found = locate(run, instance, name, call);
    let (module, path_text, stub) = match &found {
        Place::Directory(directory, path_text) => {
            let module = run.project.module(directory);
            for problem in &module.problems {
                run.report(problem.clone());
            }
            (module, path_text.clone(), None)
        }
        Place::Nowhere => {
            return ExpandedCall { expansion, instances: Vec::new(), directory: None, address, origin };
        }
        Place::Stub(stub, major) => (run.project.stub(stub), ".".to_owned(), Some((*stub, *major))),
    };
    let each = expansion.each().iter().map(|each| {
        let caller = Caller { instance: Rc::clone(instance), name: Arc::clone(name), each: each.clone() };
        Instance::called(Arc::clone(&module), caller, path_text.clone(), stub)
    });
    let instances = each.collect();
    let directory = match found {
        Place::Directory(directory, _) => Some(directory),
        Place::Nowhere | Place::Stub(..) => None,
    };
    ExpandedCall { expansion, instances, directory, address, origin }
}

/// Where the module is that a call names.
enum Place {
    /// In a directory, with what its `path.module` is.
    Directory(String, String),
    /// Not on disk.
    Nowhere,
    /// Not on disk, but known in a major version.
    Stub(&'static Stub, u32),
}

fn locate(run: &Run<'_>, instance: &Instance, name: &str, call: &ModuleCall) -> Place {
    let Some((source, span)) = call.source() else {
        let message = format!("module.{name} has no source that is a plain string");
        run.report(Error::new("terraform-module-source", message, call.block.header).problem());
        return Place::Nowhere;
    };
    if instance.depth >= DEPTH {
        let message = format!("modules call each other more than {DEPTH} levels deep");
        run.report(Error::limit(message, span).problem());
        return Place::Nowhere;
    }
    if let Some((stub, major)) = instance.stub {
        return stubs::inner(stub, source, major).map_or(Place::Nowhere, |inner| Place::Stub(inner, major));
    }
    if source.starts_with("./") || source.starts_with("../") || source == "." || source == ".." {
        let directory = iac_model::join_path(&instance.module.directory, source);
        let real = if directory.starts_with("..") { None } else { run.project.tree.resolve(&directory).ok() };
        return match real.filter(|real| run.project.tree.is_directory(real)) {
            Some(real) if is_inside(instance, &real) => {
                let message = format!("module \"{source}\" calls itself, so the call has no end");
                run.report(Error::new("terraform-cycle", message, span).problem());
                Place::Nowhere
            }
            Some(real) => Place::Directory(real, local_path(&instance.path_text, source)),
            None => {
                let message = if directory.starts_with("..") {
                    format!("module \"{source}\" lies outside the scan root; scan a directory above both")
                } else {
                    format!("module \"{source}\" leads to no directory")
                };
                let problem = Problem::new("terraform-module-missing", ProblemSeverity::Partial, message);
                run.report(problem.at(span));
                Place::Nowhere
            }
        };
    }
    let key = if instance.key.is_empty() { name.to_owned() } else { format!("{}.{name}", instance.key) };
    let found = run.downloaded.directory(run, &key, source).or_else(|| vendored(run, source));
    if let Some((directory, path_text)) = found {
        return Place::Directory(directory, path_text);
    }
    let advice = "run \"terraform init\" before the scan or name its directory";
    match stubs::find(source, call.version()) {
        Some((stub, major)) => {
            let message = format!(
                "module source \"{source}\" is not on disk; only what its version {major} always makes is analysed; \
                 {advice}"
            );
            run.report_once("terraform-module-missing", source, message, span);
            Place::Stub(stub, major)
        }
        None => {
            let message = format!(
                "module source \"{source}\" is not on disk, so its resources are not analysed; {advice}"
            );
            run.report_once("terraform-module-missing", source, message, span);
            Place::Nowhere
        }
    }
}

/// Tells whether an instance is one of the module in a directory, or called by one of it.
fn is_inside(instance: &Instance, directory: &str) -> bool {
    let mut at = Some(instance);
    while let Some(instance) = at {
        if instance.module.directory == directory {
            return true;
        }
        at = instance.caller.as_ref().map(|caller| &*caller.instance);
    }
    false
}

/// What `path.module` is in a local module: the way there, without `./`.
fn local_path(caller: &str, source: &str) -> String {
    let path = iac_model::join_path(caller, source);
    if path.is_empty() { ".".into() } else { path }
}

/// A directory that the person named for a source.
fn vendored(run: &Run<'_>, source: &str) -> Option<(String, String)> {
    let (base, inner) = split_subdirectory(source);
    let (_, directory) =
        run.inputs.module_directories.iter().find(|(known, _)| known == base || known == source)?;
    let directory = iac_model::join_path(directory, inner.unwrap_or(""));
    let real = run.project.tree.resolve(&directory).ok()?;
    run.project.tree.is_directory(&real).then(|| (real.clone(), relative(run.root, &real)))
}

/// A source's package and the directory in it: `registry/x//modules/y`.
fn split_subdirectory(source: &str) -> (&str, Option<&str>) {
    let from = source.find("://").map_or(0, |at| at + 3);
    match source[from..].find("//") {
        None => (source, None),
        Some(at) => {
            let inner = &source[from + at + 2..];
            (&source[..from + at], Some(inner.split('?').next().unwrap_or(inner)))
        }
    }
}

/// The way from one directory to another.
fn relative(from: &str, to: &str) -> String {
    let parts = |path: &'_ str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty()).map(Into::into).collect()
    };
    let (from, to) = (parts(from), parts(to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - common);
    let path: Vec<String> = up.chain(to[common..].iter().cloned()).collect();
    if path.is_empty() { ".".into() } else { path.join("/") }
}

/// What `terraform init` has downloaded, by the way of calls.
#[derive(Debug, Default)]
pub(crate) struct Downloaded(HashMap<String, String>);

impl Downloaded {
    /// Reads `.terraform/modules/modules.json` of the root.
    pub(super) fn read(run: &Run<'_>) -> (Self, Option<Problem>) {
        let path = join(run.root, ".terraform/modules/modules.json");
        let Ok(file) = run.project.tree.source(run.store, &path, FileKind::Other) else {
            return (Self::default(), None);
        };
        let value = match json::parse(run.store, &Input::File(file)) {
            Ok(value) => value,
            Err(error) => {
                let span = Span::new(file, error.offset, error.offset + 1);
                let problem = Problem::new("json-syntax", ProblemSeverity::Partial, error.message);
                return (Self::default(), Some(problem.at(span)));
            }
        };
        let text = |value: &iac_model::Value, key: &str| value.get(key)?.as_str().map(str::to_owned);
        let modules = value.get("Modules").and_then(iac_model::Value::as_list).unwrap_or_default();
        let entry = |module: &iac_model::Value| Some((text(module, "Key")?, text(module, "Dir")?));
        (Self(modules.iter().filter_map(entry).collect()), None)
    }

    fn directory(&self, run: &Run<'_>, key: &str, source: &str) -> Option<(String, String)> {
        let path = self.0.get(key)?;
        let directory = iac_model::join_path(run.root, path);
        // `Dir` has the directory inside the package already; older versions leave it out.
        let inner = split_subdirectory(source).1.unwrap_or("");
        let tried = [directory.clone(), iac_model::join_path(&directory, inner)];
        let real = tried.iter().find_map(|path| {
            let real = run.project.tree.resolve(path).ok()?;
            run.project.tree.is_directory(&real).then_some(real)
        })?;
        Some((real, path.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_have_a_package_and_a_directory_in_it() {
        assert_eq!(split_subdirectory("a/b/c//modules/d"), ("a/b/c", Some("modules/d")));
        assert_eq!(split_subdirectory("git::https://x/y.git//m?ref=v1"), ("git::https://x/y.git", Some("m")));
        assert_eq!(split_subdirectory("a/b/c"), ("a/b/c", None));
    }

    #[test]
    fn ways_between_directories() {
        assert_eq!(relative("envs/prod", "modules/x"), "../../modules/x");
        assert_eq!(relative("", "modules/x"), "modules/x");
        assert_eq!(relative("a", "a"), ".");
        assert_eq!(local_path(".", "./m"), "m");
        assert_eq!(local_path("../m", "../n"), "../n");
    }
}
