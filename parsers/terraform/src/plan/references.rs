//! What the configuration in a plan refers to.

use std::collections::HashMap;

use iac_model::{Kind, Map, PathElement, TerraformId, Value};

use crate::run::words;

/// References of all modules in a plan.
pub(super) struct References<'p> {
    root: Option<&'p Value>,
    variables: HashMap<String, &'p Value>,
}

/// The attribute that an unknown value comes from.
pub(super) struct Reference {
    /// Address of the resource.
    pub(super) resource: String,
    pub(super) attribute: String,
    /// The value is that attribute and nothing else.
    pub(super) is_exact: bool,
}

/// References are followed through so many variables and outputs.
const DEPTH: usize = 16;

impl<'p> References<'p> {
    pub(super) fn new(plan: &'p Value) -> Self {
        let variables = plan.get("variables").and_then(Value::as_map).into_iter().flatten();
        let value = |entry: &'p iac_model::Entry| {
            Some((entry.key.to_str_lossy().into_owned(), entry.value.get("value")?))
        };
        Self {
            root: plan.at(&["configuration", "root_module"]),
            variables: variables.filter_map(value).collect(),
        }
    }

    /// What a resource's attribute refers to, if that is one attribute of another resource.
    pub(super) fn at(&self, id: &TerraformId, path: &[PathElement]) -> Option<Reference> {
        let modules = steps(&id.module);
        let module = self.module(&modules)?;
        let expression = match id.resource_type.as_str() {
            "output" => module.at(&["outputs", &id.name, "expression"])?,
            _ => {
                let resources = module.get("resources").and_then(Value::as_list)?;
                let text = |resource: &Value, key: &str| {
                    resource.get(key).and_then(Value::as_str)
                        == match key {
                            "type" => Some(&*id.resource_type),
                            _ => Some(&*id.name),
                        }
                };
                resources.iter().find(|one| text(one, "type") && text(one, "name"))?.get("expressions")?
            }
        };
        let (expression, whole) = walk(expression, path)?;
        let mut found: Vec<(String, String)> = Vec::new();
        self.collect(expression, &modules, &mut found, 0);
        found.sort();
        found.dedup();
        let [(resource, attribute)] = found.as_slice() else { return None };
        let is_exact = whole && path.first().is_some_and(names_a_thing);
        Some(Reference { resource: resource.clone(), attribute: attribute.clone(), is_exact })
    }

    /// The module in the configuration that calls lead to.
    fn module(&self, modules: &[(String, String)]) -> Option<&'p Value> {
        modules.iter().try_fold(self.root?, |module, (name, _)| module.at(&["module_calls", name, "module"]))
    }

    /// Attributes of resources that an expression refers to, through variables and outputs.
    fn collect(
        &self,
        expression: &Value,
        modules: &[(String, String)],
        out: &mut Vec<(String, String)>,
        depth: usize,
    ) {
        let list = expression.get("references").and_then(Value::as_list).unwrap_or_default();
        let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        if depth > DEPTH || out.len() > 8 {
            return;
        }
        for text in &texts {
            let words = words(text);
            let name = |index: usize| words.get(index).map(|word| stem(word).to_owned());
            match (words.first().copied(), words.len()) {
                (Some("var"), _) => {
                    let (Some((call, _)), Some(name)) = (modules.last(), name(1)) else { continue };
                    let above = &modules[..modules.len() - 1];
                    let Some(module) = self.module(above) else { continue };
                    if let Some(argument) = module.at(&["module_calls", call, "expressions", &name]) {
                        self.collect(argument, above, out, depth + 1);
                    }
                }
                (Some("module"), 3..) => {
                    let (Some(call), Some(output)) = (name(1), name(2)) else { continue };
                    let key = words[1].strip_prefix(call.as_str()).unwrap_or_default().to_owned();
                    let mut below = modules.to_vec();
                    below.push((call, key));
                    let Some(module) = self.module(&below) else { continue };
                    if let Some(output) = module.at(&["outputs", &output, "expression"]) {
                        self.collect(output, &below, out, depth + 1);
                    }
                }
                (Some("local" | "each" | "count" | "path" | "self" | "terraform" | "module"), _) => {}
                (Some("data"), 4..) => out.push(self.absolute(modules, &words, 3)),
                (Some("data"), _) => {}
                (Some(_), 3..) => out.push(self.absolute(modules, &words, 2)),
                _ => {}
            }
        }
    }

    fn absolute(&self, modules: &[(String, String)], words: &[&str], named: usize) -> (String, String) {
        let mut address = String::new();
        for (name, key) in modules {
            address.push_str(&format!("module.{name}{key}."));
        }
        address.push_str(&words[..named].join("."));
        (address, words[named..].join("."))
    }

    /// What is constant in expressions, or the value of a variable of the root module.
    pub(super) fn constants(&self, expressions: &Value) -> Map {
        let entries = expressions.as_map().into_iter().flatten();
        entries.filter_map(|entry| Some((entry.key.clone(), self.constant(&entry.value, 0)?))).collect()
    }

    fn constant(&self, expression: &Value, depth: usize) -> Option<Value> {
        if depth > DEPTH {
            return None;
        }
        if let Some(value) = expression.get("constant_value") {
            return Some(value.clone());
        }
        if let Some(references) = expression.get("references").and_then(Value::as_list) {
            let [reference] = references else { return None };
            let name = reference.as_str()?.strip_prefix("var.")?;
            return self.variables.get(name).map(|value| (*value).clone());
        }
        match &expression.kind {
            Kind::List(list) => {
                let list = list.iter().filter_map(|one| self.constant(one, depth + 1));
                Some(Value::new(Kind::List(list.collect()), expression.origin))
            }
            Kind::Map(map) => {
                let pairs = map
                    .iter()
                    .filter_map(|one| Some((one.key.clone(), self.constant(&one.value, depth + 1)?)));
                Some(Value::new(Kind::Map(pairs.collect()), expression.origin))
            }
            _ => None,
        }
    }
}

/// The expression that a path leads to, and whether it is the one of the whole path.
fn walk<'v>(expression: &'v Value, path: &[PathElement]) -> Option<(&'v Value, bool)> {
    let mut at = expression;
    for (index, element) in path.iter().enumerate() {
        if at.get("references").is_some() {
            // What is below is one element of a list, or it is not told.
            let rest = &path[index..];
            return Some((at, matches!(rest, [PathElement::Index(_)])));
        }
        at = match element {
            PathElement::Key(key) => at.get(key)?,
            PathElement::Index(index) => at.as_list()?.get(*index)?,
        };
    }
    at.get("references").map(|_| (at, true))
}

/// Arguments that name another thing are references and nothing else, as everybody writes them.
fn names_a_thing(element: &PathElement) -> bool {
    let PathElement::Key(key) = element else { return false };
    let whole =
        ["role", "roles", "user", "users", "group", "groups", "arn", "id", "bucket", "cluster", "principal"];
    let ends = ["_arn", "_arns", "_id", "_ids", "_profile", "_role"];
    whole.contains(&key.as_str()) || ends.iter().any(|end| key.ends_with(end))
}

/// Names and keys of the calls in a module address.
fn steps(module: &str) -> Vec<(String, String)> {
    let words = words(module);
    let call = |pair: &[&str]| {
        let word = pair.get(1).copied().unwrap_or_default();
        let name = stem(word);
        (name.to_owned(), word[name.len()..].to_owned())
    };
    words.chunks(2).map(call).collect()
}

/// A word without its key.
fn stem(word: &str) -> &str {
    word.split('[').next().unwrap_or(word)
}
