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
        && has(b"\"terraform_version\"")
        && has(b"\"root_module\"")
}

impl Project<'_> {
    /// Reads a plan or state in JSON, as `terraform show -json` prints it.
    ///
    /// `root` is the directory of the configuration that was planned, if it is in the scan: then values have their
    /// places in it and unknown values are what they are there. Variables have the values of the plan.
    pub fn plan(&self, path: &str, root: Option<&str>, inputs: &Inputs) -> Evaluated {
        let mut out = Evaluated::default();
        let lost =
            |code, message: String| Problem::new(code, ProblemSeverity::Lost, message).in_unit(inputs.unit);
        let file = match self.tree.source(self.store, path, FileKind::Other) {
            Ok(file) => file,
            Err(error) => {
                out.problems.push(lost("file-unreadable", error.to_string()).path(path));
                return out;
            }
        };
        let plan = match json::parse(self.store, &Input::File(file)) {
            Ok(plan) => plan,
            Err(error) => {
                let at = Span::new(file, error.offset, error.offset + 1);
                out.problems.push(lost("json-syntax", error.message.to_owned()).at(at));
                return out;
            }
        };
        let Some(values) = plan.get("planned_values").or_else(|| plan.get("values")) else {
            let message = "the file has neither \"planned_values\" nor \"values\": it is no plan that terraform show -json prints";
            out.problems.push(lost("terraform-plan", message.to_owned()).at(Span::new(file, 0, 0)));
            return out;
        };
        let sources = root.map(|root| run::evaluate_with(self, root, inputs, given(&plan)));
        let sources = sources.unwrap_or_default();
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let reader = Reader {
            store: self.store,
            inputs,
            root: root.unwrap_or(directory),
            changes: changes(&plan),
            references: References::new(&plan),
            sources: sources.resources.iter().map(|resource| (resource.address.as_str(), resource)).collect(),
        };
        for (module, mode) in [
            (values.get("root_module"), None),
            (plan.at(&["prior_state", "values", "root_module"]), Some(Mode::Data)),
        ] {
            if let Some(module) = module {
                reader.module(module, mode, &mut out.resources, 0);
            }
        }
        out.resources.extend(reader.providers(&plan, &sources));
        out.resources.sort_by(|a, b| a.address.cmp(&b.address));
        out.resources.dedup_by(|a, b| a.address == b.address);
        out.outputs = reader.outputs(values, &plan, &sources);
        out.calls = if root.is_some() { sources.calls.clone() } else { reader.calls(&plan) };
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
        };
        Some((address.to_owned(), id))
    }

    fn resource(&self, planned: &Value, address: String, id: TerraformId) -> Resource {
        let source = self.source(&address, &id);
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
