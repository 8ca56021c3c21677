//! Plans and states that `terraform show -json` prints.
//!
//! A plan says what Terraform itself made of the configuration. What is known only after apply is a symbol again: the
//! one that the sources give it, if they lie beside the plan, else one that the plan's own list of references tells.
//! Values keep the place in the sources where somebody wrote them.

mod join;
mod leaf;
mod references;

use std::collections::HashMap;

use iac_model::{
    FileKind, Input, Kind, Map, Mode, Problem, ProblemSeverity, Resource, ResourceKind, Span, Store,
    TerraformId, Value, json,
};

use crate::config::Declaration;
use crate::evaluated::{Call, Evaluated, Output};
use crate::inputs::Inputs;
use crate::project::Project;
use crate::run;
use leaf::{Leaf, Planned};
use references::References;

/// Tells whether a file is a plan or a state as `terraform show -json` prints it.
pub fn is_plan(bytes: &[u8]) -> bool {
    let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    bytes.trim_ascii_start().first() == Some(&b'{')
        && has(b"\"format_version\"")
        && (has(b"\"planned_values\"") || has(b"\"resource_changes\"") || has(b"\"terraform_version\""))
}

/// A plan or state in JSON, read but not yet joined with anything.
#[derive(Debug)]
pub struct Plan {
    /// Its path, relative to the scan root.
    path: String,
    content: Value,
}

impl Plan {
    /// Its path, relative to the scan root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is planned, or what a state holds. A plan without changes may lack it.
    fn values(&self) -> Option<&Value> {
        self.content.get("planned_values").or_else(|| self.content.get("values"))
    }
}

impl Project<'_> {
    /// Reads a plan or state in JSON, as `terraform show -json` prints it.
    ///
    /// # Errors
    /// When the file cannot be read, is no JSON or holds neither planned nor known values.
    pub fn read_plan(&self, path: &str) -> Result<Plan, Problem> {
        let lost = |code, message: String| Problem::new(code, ProblemSeverity::Lost, message);
        let file = self.tree.source(self.store, path, FileKind::Terraform);
        let file = file.map_err(|error| lost("file-unreadable", error.to_string()).path(path))?;
        let content = json::parse(self.store, &Input::File(file)).map_err(|error| {
            let at = Span::new(file, error.offset, error.offset + 1);
            lost("json-syntax", error.message.to_owned()).at(at)
        })?;
        let plan = Plan { path: path.to_owned(), content };
        if plan.values().is_none() && plan.content.get("resource_changes").is_none() {
            let message = "the file has neither \"planned_values\" nor \"values\": it is no plan that terraform show -json prints";
            return Err(lost("terraform-plan", message.to_owned()).at(Span::new(file, 0, 0)));
        }
        Ok(plan)
    }

    /// The directory of the configuration that a plan was made from: one that declares every resource and calls every
    /// module of the plan's root module. If there are several, the plan's own directory or, further up, the closest
    /// one; nothing if that leaves several. A state does not tell.
    pub fn root_of(&self, plan: &Plan) -> Option<String> {
        let module = plan.content.at(&["configuration", "root_module"])?;
        let resources = module.get("resources").and_then(Value::as_list).unwrap_or_default();
        let calls = module.get("module_calls").and_then(Value::as_map);
        if resources.is_empty() && calls.is_none_or(Map::is_empty) {
            return None;
        }
        let fits = |directory: &String| {
            let declared = self.module(directory);
            let declared = &declared.declarations;
            let has = |resource: &Value| {
                let (Some(kind), Some(name)) = (text(resource, "type"), text(resource, "name")) else {
                    return false;
                };
                let key = Declaration {
                    data: text(resource, "mode") == Some("data"),
                    ephemeral: text(resource, "mode") == Some("ephemeral"),
                    resource_type: kind.into(),
                    name: name.into(),
                };
                declared.resources.contains_key(&key)
            };
            resources.iter().all(has)
                && calls
                    .into_iter()
                    .flatten()
                    .all(|call| declared.calls.contains_key(&*call.key.to_str_lossy()))
        };
        let fitting: Vec<String> = self.directories().into_iter().filter(fits).collect();
        let mut above = plan.path.rsplit_once('/').map_or("", |(directory, _)| directory);
        loop {
            if fitting.iter().any(|directory| directory == above) {
                return Some(above.to_owned());
            }
            if above.is_empty() {
                break;
            }
            above = above.rsplit_once('/').map_or("", |(directory, _)| directory);
        }
        match fitting.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        }
    }

    /// Makes resources of a plan.
    ///
    /// `root` is the directory of the configuration that was planned, if it is in the scan: then values have their
    /// places in it and unknown values are what they are there. Variables have the values of the plan.
    pub fn plan(&self, plan: &Plan, root: Option<&str>, inputs: &Inputs) -> Evaluated {
        let mut out = Evaluated::default();
        let Plan { path, content } = plan;
        let empty = Value::new(Kind::Map(Map::new()), content.origin);
        let values = plan.values().unwrap_or(&empty);
        let sources = root.map(|root| run::evaluate_with(self, root, inputs, given(content)));
        let sources = sources.unwrap_or_default();
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let reader = Reader {
            store: self.store,
            inputs,
            root: root.unwrap_or(directory),
            changes: changes(content),
            references: References::new(content),
            sources: sources.resources.iter().map(|resource| (resource.address.as_str(), resource)).collect(),
        };
        for (module, mode) in [
            (values.get("root_module"), None),
            (content.at(&["prior_state", "values", "root_module"]), Some(Mode::Data)),
        ] {
            if let Some(module) = module {
                reader.module(module, mode, &mut out.resources, 0);
            }
        }
        out.resources.extend(reader.providers(content, &sources));
        out.resources.sort_by(|a, b| a.address.cmp(&b.address));
        out.resources.dedup_by(|a, b| a.address == b.address);
        out.outputs = reader.outputs(values, content, &sources);
        out.calls = if root.is_some() { sources.calls.clone() } else { reader.calls(content) };
        // What is wrong with the sources Terraform did not mind: it made the plan.
        out.problems = sources
            .problems
            .iter()
            .filter(|problem| problem.code != "terraform-module-missing")
            .cloned()
            .collect();
        for problem in &mut out.problems {
            problem.severity = ProblemSeverity::Note;
        }
        out
    }
}

/// Values of variables in the plan.
fn given(plan: &Value) -> HashMap<String, iac_hcl::Value> {
    let variables = plan.get("variables").and_then(Value::as_map);
    let entry = |entry: &iac_model::Entry| {
        let value = entry.value.get("value")?;
        Some((entry.key.to_str_lossy().into_owned(), crate::to_model::from_model(value)))
    };
    variables.into_iter().flatten().filter_map(entry).collect()
}

/// Changes of resources by address.
fn changes(plan: &Value) -> HashMap<String, &Value> {
    let list = plan.get("resource_changes").and_then(Value::as_list).unwrap_or_default();
    let entry = |change| Some((text(change, "address")?.to_owned(), Value::get(change, "change")?));
    list.iter().filter_map(entry).collect()
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// Modules nest no deeper than this.
const DEPTH: usize = 64;

struct Reader<'p> {
    store: &'p Store,
    inputs: &'p Inputs,
    /// Directory that resources belong to.
    root: &'p str,
    changes: HashMap<String, &'p Value>,
    references: References<'p>,
    sources: HashMap<&'p str, &'p Resource>,
}

impl Reader<'_> {
    fn module(&self, module: &Value, only: Option<Mode>, out: &mut Vec<Resource>, depth: usize) {
        let path = text(module, "address").unwrap_or_default();
        for resource in module.get("resources").and_then(Value::as_list).unwrap_or_default() {
            let Some((address, id)) = self.identify(resource, path) else { continue };
            if only.is_none_or(|only| only == id.mode) {
                out.push(self.resource(resource, address, id));
            }
        }
        for child in module.get("child_modules").and_then(Value::as_list).unwrap_or_default() {
            if depth < DEPTH {
                self.module(child, only, out, depth + 1);
            }
        }
    }

    fn identify(&self, resource: &Value, module: &str) -> Option<(String, TerraformId)> {
        let address = text(resource, "address")?;
        let (kind, name) = (text(resource, "type")?, text(resource, "name")?);
        let mode = if text(resource, "mode") == Some("data") { Mode::Data } else { Mode::Managed };
        let prefix = if mode == Mode::Data { "data." } else { "" };
        let dot = if module.is_empty() { "" } else { "." };
        let key = address.strip_prefix(&format!("{module}{dot}{prefix}{kind}.{name}"))?;
        let id = TerraformId {
            mode,
            resource_type: kind.to_owned(),
            name: name.to_owned(),
            module: module.to_owned(),
            key: key.to_owned(),
            root: self.root.to_owned(),
            provider: String::new(),
        };
        Some((address.to_owned(), id))
    }

    fn resource(&self, planned: &Value, address: String, mut id: TerraformId) -> Resource {
        let source = self.source(&address, &id);
        if let Some(Resource { kind: ResourceKind::Terraform(source), .. }) = source {
            id.provider.clone_from(&source.provider);
        }
        let origin = match (source, planned.get("address")) {
            (Some(source), _) => source.origin,
            (None, Some(address)) => address.origin,
            (None, None) => planned.origin,
        };
        let unknown = self.changes.get(&address).and_then(|change| change.get("after_unknown"));
        let leaf = Leaf { reader: self, address: &address, id: &id, origin };
        let empty = Value::new(Kind::Map(Map::new()), origin);
        let values = planned.get("values").unwrap_or(&empty);
        let values = Planned {
            value: Some(values),
            unknown,
            sensitive: planned.get("sensitive_values"),
            source: source.map(|source| &source.body),
        };
        let body = leaf.value(values, &mut Vec::new());
        Resource {
            address: address.clone(),
            kind: ResourceKind::Terraform(id),
            body: body.unwrap_or(empty),
            origin,
            unit: self.inputs.unit,
            value_set: None,
        }
    }

    /// The resource in the sources; one that stands for all instances if those are not known there.
    fn source(&self, address: &str, id: &TerraformId) -> Option<&Resource> {
        let any = || {
            let stem = address.strip_suffix(id.key.as_str())?;
            self.sources.get(format!("{stem}[*]").as_str()).copied()
        };
        self.sources.get(address).copied().or_else(any)
    }

    fn outputs(&self, values: &Value, plan: &Value, sources: &Evaluated) -> Vec<Output> {
        let outputs = values.get("outputs").and_then(Value::as_map).into_iter().flatten();
        let output = |entry: &iac_model::Entry| {
            let name = entry.key.to_str_lossy().into_owned();
            let source = sources.outputs.iter().find(|output| output.name == name);
            let change = plan.at(&["output_changes", name.as_str()]);
            let origin = source.map_or(entry.key.origin(), |output| output.origin);
            let id = TerraformId {
                mode: Mode::Managed,
                resource_type: "output".into(),
                name: name.clone(),
                module: String::new(),
                key: String::new(),
                root: self.root.to_owned(),
                provider: String::new(),
            };
            let address = format!("output.{name}");
            let leaf = Leaf { reader: self, address: &address, id: &id, origin };
            let unknown = change.and_then(|change| change.get("after_unknown"));
            let planned = Planned {
                // An output that is known in part stands only among the changes.
                value: entry.value.get("value").or_else(|| change?.get("after")),
                unknown,
                sensitive: entry.value.get("sensitive"),
                source: source.map(|output| &output.value),
            };
            let value = leaf.value(planned, &mut Vec::new());
            let value = value.unwrap_or_else(|| Value::null(origin));
            Output { name, value, origin }
        };
        outputs.map(output).collect()
    }

    /// Provider configurations: those of the sources, else what the plan knows of them.
    fn providers(&self, plan: &Value, sources: &Evaluated) -> Vec<Resource> {
        let is_provider = |resource: &&Resource| matches!(&resource.kind, ResourceKind::Terraform(id) if id.mode == Mode::Provider);
        let found: Vec<Resource> = sources.resources.iter().filter(is_provider).cloned().collect();
        if !found.is_empty() {
            return found;
        }
        let configured =
            plan.at(&["configuration", "provider_config"]).and_then(Value::as_map).into_iter().flatten();
        let provider = |entry: &iac_model::Entry| {
            let name = text(&entry.value, "name")?.to_owned();
            let alias = text(&entry.value, "alias").unwrap_or_default().to_owned();
            let module = text(&entry.value, "module_address").unwrap_or_default().to_owned();
            let expressions = entry.value.get("expressions");
            let body =
                expressions.map_or_else(Map::new, |expressions| self.references.constants(expressions));
            let own = if alias.is_empty() {
                format!("provider.{name}")
            } else {
                format!("provider.{name}.{alias}")
            };
            let address = if module.is_empty() { own } else { format!("{module}.{own}") };
            let origin = entry.key.origin();
            Some(Resource {
                address,
                kind: ResourceKind::Terraform(TerraformId {
                    mode: Mode::Provider,
                    resource_type: name,
                    name: alias,
                    module,
                    key: String::new(),
                    root: self.root.to_owned(),
                    provider: String::new(),
                }),
                body: Value::new(Kind::Map(body), origin),
                origin,
                unit: self.inputs.unit,
                value_set: None,
            })
        };
        configured.filter_map(provider).collect()
    }

    /// Calls of the root module, as far as the plan tells.
    fn calls(&self, plan: &Value) -> Vec<Call> {
        let calls = plan.at(&["configuration", "root_module", "module_calls"]).and_then(Value::as_map);
        let call = |entry: &iac_model::Entry| {
            let expressions = entry.value.get("expressions");
            let arguments =
                expressions.map_or_else(Map::new, |expressions| self.references.constants(expressions));
            Call {
                address: format!("module.{}", entry.key.to_str_lossy()),
                source: text(&entry.value, "source").unwrap_or_default().to_owned(),
                version: text(&entry.value, "version_constraint").map(str::to_owned),
                directory: None,
                arguments: Value::new(Kind::Map(arguments), entry.value.origin),
                origin: entry.key.origin(),
            }
        };
        calls.into_iter().flatten().map(call).collect()
    }
}
