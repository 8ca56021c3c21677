//! The declarations of one module.

use std::collections::BTreeMap;
use std::sync::Arc;

use iac_hcl::ast::{Attribute, Block, Body, Document, Expr};
use iac_hcl::{parse_file, parse_json};
use iac_model::{FileKind, Mode, Problem, ProblemSeverity, Residence, Span, Store, Tree};

use super::{files, merge, schema};

/// Everything that the files of one directory declare, overrides merged.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// Its directory, relative to the scan root.
    pub(crate) directory: String,
    pub(crate) declarations: Declarations,
    /// What went wrong while reading it.
    pub(crate) problems: Vec<Problem>,
}

/// Declarations by name.
#[derive(Debug, Default)]
pub(crate) struct Declarations {
    pub(crate) variables: BTreeMap<Arc<str>, Variable>,
    pub(crate) locals: BTreeMap<Arc<str>, Local>,
    pub(crate) outputs: BTreeMap<Arc<str>, Output>,
    pub(crate) calls: BTreeMap<Arc<str>, ModuleCall>,
    pub(crate) resources: BTreeMap<Declaration, Resource>,
    /// Provider configurations; the alias is the empty string if there is none.
    pub(crate) providers: BTreeMap<(Arc<str>, Arc<str>), Block>,
    /// There is a `backend` or `cloud` block: a sign of a root.
    pub(crate) backend: Option<Block>,
    /// Its callers must pass providers on: `configuration_aliases`.
    pub(crate) wants_providers: bool,
    /// Names of blocks that people often write to remove objects from the state.
    pub(crate) removed: Vec<Block>,
}

/// What names a resource or data source in a module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Declaration {
    pub(crate) data: bool,
    /// Declared in an `ephemeral` block.
    pub(crate) ephemeral: bool,
    pub(crate) resource_type: Arc<str>,
    pub(crate) name: Arc<str>,
}

/// `variable "name" { ... }`
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) block: Block,
}

/// One name in `locals { ... }`.
#[derive(Debug)]
pub(crate) struct Local {
    pub(crate) value: Expr,
}

/// `output "name" { ... }`
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) block: Block,
}

/// `module "name" { ... }`
#[derive(Debug)]
pub(crate) struct ModuleCall {
    pub(crate) block: Block,
}

/// `resource`, `data` or `ephemeral`.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) block: Block,
}

impl Declaration {
    pub(crate) fn mode(&self) -> Mode {
        if self.data { Mode::Data } else { Mode::Managed }
    }
}

impl ModuleCall {
    /// The source, if it is written as a string.
    pub(crate) fn source(&self) -> Option<(&str, Span)> {
        let attribute = self.block.body.attribute("source")?;
        match &attribute.value.kind {
            iac_hcl::ast::ExprKind::Literal(value) => Some((value.as_str()?, attribute.value.span)),
            _ => None,
        }
    }

    /// The version constraint, if it is written as a string.
    pub(crate) fn version(&self) -> Option<&str> {
        match &self.block.body.attribute("version")?.value.kind {
            iac_hcl::ast::ExprKind::Literal(value) => value.as_str(),
            _ => None,
        }
    }
}

impl Module {
    /// Reads a module that is one text of our own.
    pub(crate) fn embedded(store: &Store, name: &str, text: &'static str) -> Self {
        let mut module = Self { directory: name.to_owned(), ..Self::default() };
        let file = store.sources.add(name, FileKind::Terraform, Residence::Memory, text.as_bytes());
        let (document, problems) = parse_file(store, file);
        module.problems.extend(problems);
        for block in document.body.blocks {
            module.declare(block, false);
        }
        module
    }

    /// Reads all configuration files of a directory.
    pub(crate) fn read(store: &Store, tree: &Tree, directory: &str) -> Self {
        let mut module = Self { directory: directory.to_owned(), ..Self::default() };
        let names = tree.list(directory).map(|(name, _)| name);
        for (name, file) in files::in_order(names) {
            let path = if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
            if !tree.is_file(&path) {
                continue;
            }
            let (document, problems) = match tree.source(store, &path, FileKind::Terraform) {
                Ok(id) if file.json => parse_json(store, id, &schema::FILE),
                Ok(id) => parse_file(store, id),
                Err(error) => {
                    let problem = Problem::new("file-unreadable", ProblemSeverity::Lost, error.to_string());
                    module.problems.push(problem.path(path));
                    continue;
                }
            };
            module.problems.extend(problems);
            let Document { body, .. } = document;
            for attribute in &body.attributes {
                module.note(
                    "terraform-block",
                    format!("\"{}\" is no block of Terraform configuration", attribute.name),
                    attribute.name_span,
                );
            }
            for block in body.blocks {
                module.declare(block, file.is_override());
            }
        }
        module
    }

    /// Tells whether there is anything in it.
    pub(crate) fn is_empty(&self) -> bool {
        let declared = &self.declarations;
        declared.variables.is_empty()
            && declared.locals.is_empty()
            && declared.outputs.is_empty()
            && declared.calls.is_empty()
            && declared.resources.is_empty()
            && declared.providers.is_empty()
    }

    fn note(&mut self, code: &'static str, message: String, span: Span) {
        self.problems.push(Problem::new(code, ProblemSeverity::Partial, message).at(span));
    }

    fn declare(&mut self, block: Block, is_override: bool) {
        let header = block.header;
        let labels = match &*block.kind {
            "resource" | "data" | "ephemeral" => 2,
            "variable" | "output" | "module" | "provider" => 1,
            "locals" | "terraform" | "moved" | "import" | "removed" | "check" | "action" => 0,
            other => {
                self.note(
                    "terraform-block",
                    format!("\"{other}\" is no block of Terraform configuration"),
                    header,
                );
                return;
            }
        };
        if block.labels.len() < labels {
            let message = format!("a {} block takes {labels} labels", block.kind);
            self.note("terraform-block", message, header);
            return;
        }
        let label = |index: usize| block.label(index).cloned().unwrap_or_default();
        let declared = &mut self.declarations;
        let clash = match &*block.kind {
            "resource" | "data" | "ephemeral" => {
                let key = Declaration {
                    data: &*block.kind == "data",
                    ephemeral: &*block.kind == "ephemeral",
                    resource_type: label(0),
                    name: label(1),
                };
                put(&mut declared.resources, key, Resource { block }, is_override, |known| &mut known.block)
            }
            "variable" => put(&mut declared.variables, label(0), Variable { block }, is_override, |known| {
                &mut known.block
            }),
            "output" => {
                put(&mut declared.outputs, label(0), Output { block }, is_override, |known| &mut known.block)
            }
            "module" => put(&mut declared.calls, label(0), ModuleCall { block }, is_override, |known| {
                &mut known.block
            }),
            "provider" => {
                let alias = block.body.attribute("alias").and_then(literal_text).unwrap_or_default();
                // Terraform: a provider that is not configured counts as configured with nothing.
                let adds = alias.is_empty() && !declared.providers.contains_key(&(label(0), alias.clone()));
                let is_override = is_override && !adds;
                put(&mut declared.providers, (label(0), alias), block, is_override, |known| known)
            }
            "locals" => {
                for Attribute { name, value, name_span, .. } in block.body.attributes {
                    let known = declared.locals.insert(name.clone(), Local { value });
                    if known.is_some() && !is_override {
                        let message = format!("local value \"{name}\" is declared twice");
                        let problem =
                            Problem::new("terraform-declared-twice", ProblemSeverity::Note, message);
                        self.problems.push(problem.at(name_span));
                    }
                }
                None
            }
            "terraform" => {
                let backend =
                    block.body.blocks.iter().find(|inner| matches!(&*inner.kind, "backend" | "cloud"));
                if let Some(backend) = backend {
                    declared.backend = Some(backend.clone());
                }
                let required = block.body.blocks("required_providers");
                let mut wanted = required.flat_map(|required| &required.body.attributes);
                declared.wants_providers |= wanted.any(|attribute| has_aliases(&attribute.value));
                None
            }
            "removed" => {
                declared.removed.push(block);
                None
            }
            _ => None,
        };
        if let Some(message) = clash {
            self.problems
                .push(Problem::new("terraform-declared-twice", ProblemSeverity::Note, message).at(header));
        }
    }
}

/// Adds a declaration, or merges an override into it. Gives a message if the two do not go together.
fn put<K: Ord, V>(
    known: &mut BTreeMap<K, V>,
    key: K,
    mut value: V,
    is_override: bool,
    block: impl Fn(&mut V) -> &mut Block,
) -> Option<String> {
    use std::collections::btree_map::Entry;
    match known.entry(key) {
        Entry::Occupied(mut entry) if is_override => {
            let over: &Body = &block(&mut value).body;
            merge::body(&mut block(entry.get_mut()).body, over);
            None
        }
        // Of two equal names the first stays: Terraform refuses the second.
        Entry::Occupied(mut entry) => Some(format!("{} is declared twice", words(block(entry.get_mut())))),
        Entry::Vacant(entry) => {
            let message =
                is_override.then(|| format!("{} has nothing to override", words(block(&mut value))));
            entry.insert(value);
            message
        }
    }
}

fn words(block: &Block) -> String {
    let labels: Vec<&str> = block.labels.iter().map(|label| &*label.text).collect();
    format!("{} {}", block.kind, labels.join("."))
}

/// Tells whether an entry of `required_providers` has aliases that the caller configures.
fn has_aliases(entry: &Expr) -> bool {
    let iac_hcl::ast::ExprKind::Object(items) = &entry.kind else { return false };
    let is_aliases = |key: &Expr| match &key.kind {
        iac_hcl::ast::ExprKind::Literal(key) => key.as_str() == Some("configuration_aliases"),
        _ => false,
    };
    items.iter().any(|item| is_aliases(&item.key))
}

fn literal_text(attribute: &Attribute) -> Option<Arc<str>> {
    match &attribute.value.kind {
        iac_hcl::ast::ExprKind::Literal(value) => value.as_str().map(Arc::from),
        _ => None,
    }
}
