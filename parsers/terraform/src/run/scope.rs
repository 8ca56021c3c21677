//! What names mean in a module instance.

use std::rc::Rc;

use iac_hcl::ast::{Call, Expr, ExprKind, Step};
use iac_hcl::{Error, Evaluator, Kind, Names, Result, Scope, Type, Unknown, Value};
use iac_model::{Reason, Span};

use super::address::{Each, Key, resource_type};
use super::declared::named_resource;
use super::{Instance, Run};
use crate::{functions, provider};

/// What names mean in one instance of a module, or of a resource in it.
pub(crate) struct InstanceScope<'r> {
    pub(crate) run: &'r Run<'r>,
    pub(crate) instance: &'r Rc<Instance>,
    pub(crate) each: &'r Each,
    /// Address of the resource instance that is evaluated; that of the module otherwise.
    pub(crate) owner: String,
    /// `self`, where it means something.
    pub(crate) this: Option<Value>,
}

impl<'r> InstanceScope<'r> {
    /// The scope of a module's own expressions.
    pub(crate) fn new(run: &'r Run<'r>, instance: &'r Rc<Instance>) -> Self {
        Self { run, instance, each: &Each::NONE, owner: instance.path.clone(), this: None }
    }

    pub(crate) fn evaluator(&self) -> Evaluator<'_> {
        Evaluator { store: self.run.store, scope: self, limits: &self.run.limits }
    }

    fn resource(&self, root: &str, steps: &[Step], span: Span) -> Result<(Value, usize)> {
        let (declaration, used) = named_resource(root, steps, span)?;
        if !self.instance.module.declarations.resources.contains_key(&declaration) {
            return Ok((self.no_resource(&declaration, span)?, used));
        }
        match self.instance.resource(self.run, &declaration, span) {
            Ok(resource) => Ok((resource.value.clone(), used)),
            Err(unknown) => Ok((unknown, used)),
        }
    }

    fn module(&self, steps: &[Step], span: Span) -> Result<(Value, usize)> {
        let Some(Step::Attribute(name)) = steps.first() else {
            return Err(Error::new("terraform-reference", "a reference to a module needs its name", span));
        };
        let Some((name, _)) = self.instance.module.declarations.calls.get_key_value(name) else {
            return Ok((self.nothing(&format!("module.{name}"), Reason::Module, span), 1));
        };
        let call = match self.instance.call(self.run, name, span) {
            Ok(call) => call,
            Err(unknown) => return Ok((unknown, 1)),
        };
        // Only the output that is named is evaluated: others may depend on what asks.
        let (key, rest) = match steps.get(1) {
            Some(Step::Index(Expr { kind: ExprKind::Literal(key), .. })) => (Some(key), 2),
            _ => (None, 1),
        };
        if let (Some(instance), Some(Step::Attribute(output))) = (call.instance(key), steps.get(rest)) {
            return match instance.output(self.run, output, span) {
                Some(value) => Ok((value, rest + 1)),
                // The module has more outputs than its stub.
                None if instance.stub.is_some() => {
                    let address = format!("{}.{output}", instance.path);
                    let origin = self.run.store.origins.written(span);
                    Ok((self.run.unknown(&address, Reason::Module, Type::Any, origin), rest + 1))
                }
                None => {
                    let message = format!("module.{name} has no output named \"{output}\"");
                    Err(Error::new("terraform-reference", message, span))
                }
            };
        }
        Ok((call.value(self.run, span), 1))
    }

    pub(super) fn each(&self, root: &str, steps: &[Step], span: Span) -> Result<(Value, usize)> {
        let found = match (root, steps.first()) {
            ("each", Some(Step::Attribute(name))) => match &**name {
                "key" => self.each.each_key.as_ref(),
                "value" => self.each.each_value.as_ref(),
                _ => None,
            },
            ("count", Some(Step::Attribute(name))) if &**name == "index" => self.each.count_index.as_ref(),
            _ => None,
        };
        match found {
            Some(value) => Ok((value.clone(), 1)),
            None => {
                let message = format!("\"{root}\" means nothing here: there is no for_each or count");
                Err(Error::new("terraform-reference", message, span))
            }
        }
    }

    pub(super) fn path(&self, steps: &[Step], span: Span) -> Result<(Value, usize)> {
        let origin = self.run.store.origins.written(span);
        let value = match steps.first() {
            Some(Step::Attribute(name)) => match &**name {
                "module" => Value::string(self.instance.path_text.as_str(), origin),
                "root" => Value::string(".", origin),
                // Where Terraform runs is nobody's business here; file functions know this symbol.
                "cwd" => self.run.unknown("path.cwd", Reason::Given, Type::String, origin).not_null(),
                other => {
                    let message = format!("there is no \"path.{other}\"");
                    return Err(Error::new("terraform-reference", message, span));
                }
            },
            _ => return Err(Error::new("terraform-reference", "\"path\" needs an attribute", span)),
        };
        Ok((value, 1))
    }

    pub(super) fn terraform(&self, steps: &[Step], span: Span) -> Result<(Value, usize)> {
        let origin = self.run.store.origins.written(span);
        match steps.first() {
            Some(Step::Attribute(name)) if &**name == "workspace" => {
                Ok((Value::string(self.run.inputs.workspace.as_str(), origin), 1))
            }
            Some(Step::Attribute(name)) if &**name == "applying" => {
                let value = self.run.unknown("terraform.applying", Reason::Given, Type::Bool, origin);
                Ok((value.not_null(), 1))
            }
            _ => Err(Error::new(
                "terraform-reference",
                "\"terraform\" has only the attribute \"workspace\"",
                span,
            )),
        }
    }
}

impl Scope for InstanceScope<'_> {
    fn reference(
        &self,
        _evaluator: &Evaluator<'_>,
        root: &str,
        steps: &[Step],
        span: Span,
    ) -> Result<(Value, usize)> {
        let first = match steps.first() {
            Some(Step::Attribute(name)) => Some(&**name),
            _ => None,
        };
        let nothing = |name: &str, reason| Ok((self.nothing(&format!("{root}.{name}"), reason, span), 1));
        match (root, first) {
            ("var", Some(name)) => match self.instance.variable(self.run, name, span) {
                Some(value) => Ok((value, 1)),
                None => nothing(name, Reason::Variable),
            },
            ("local", Some(name)) => match self.instance.local(self.run, name, span) {
                Some(value) => Ok((value, 1)),
                None => nothing(name, Reason::Problem),
            },
            ("module", _) => self.module(steps, span),
            ("each" | "count", _) => self.each(root, steps, span),
            ("path", _) => self.path(steps, span),
            ("terraform", _) => self.terraform(steps, span),
            ("self", _) => match &self.this {
                Some(this) => Ok((this.clone(), 0)),
                None => Err(Error::new("terraform-reference", "\"self\" means nothing here", span)),
            },
            _ => self.resource(root, steps, span),
        }
    }

    fn declared(&self, root: &str, steps: &[Step], span: Span) -> Result<Option<Value>> {
        self.look_up(root, steps, span)
    }

    fn call(&self, evaluator: &Evaluator<'_>, call: &Call, span: Span, names: &Names<'_>) -> Result<Value> {
        functions::call(self.run, evaluator, call, span, names, functions::From::Configuration)
    }

    fn attribute_type(&self, unknown: &Unknown, name: &str) -> Type {
        let symbol = self.run.store.symbols.get(unknown.symbol);
        match (&symbol.resource, symbol.reason) {
            (Some(resource), Reason::Computed | Reason::Data) => {
                // Only what stands right below the resource has its type's meaning.
                let own = if symbol.attribute.is_none() { resource_type(resource) } else { None };
                provider::attribute_type(own, name)
            }
            _ => Type::Any,
        }
    }

    fn place(&self) -> String {
        self.owner.clone()
    }
}

/// The key that a literal index names.
pub(crate) fn literal_key(value: &Value) -> Option<Key> {
    match &value.kind {
        Kind::Number(number) => number.as_i64().and_then(|index| usize::try_from(index).ok()).map(Key::Index),
        Kind::String(text) => text.as_str().map(|name| Key::Name(name.to_owned())),
        _ => None,
    }
}
