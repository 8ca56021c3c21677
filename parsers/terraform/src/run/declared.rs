//! What Terraform says of a name before it evaluates anything; terraform: evaluate_valid.go.

use std::sync::Arc;

use iac_hcl::ast::{ExprKind, Step};
use iac_hcl::{Error, Kind, Result, Type, Value};
use iac_model::{Reason, Span};

use super::scope::InstanceScope;
use crate::config::Declaration;

const CODE: &str = "terraform-reference";

/// The one type of resource whose attributes are a part of the language.
const BUILT_IN: (&str, [&str; 4]) = ("terraform_data", ["id", "input", "output", "triggers_replace"]);

impl InstanceScope<'_> {
    /// See [`iac_hcl::Scope::declared`].
    pub(super) fn look_up(&self, root: &str, steps: &[Step], span: Span) -> Result<Option<Value>> {
        let declarations = &self.instance.module.declarations;
        let nothing = |name: &str, reason| Ok(Some(self.nothing(&format!("{root}.{name}"), reason, span)));
        match (root, steps.first()) {
            ("var", Some(Step::Attribute(name))) if !declarations.variables.contains_key(name) => {
                nothing(name, Reason::Variable)
            }
            ("local", Some(Step::Attribute(name))) if !declarations.locals.contains_key(name) => {
                nothing(name, Reason::Problem)
            }
            ("module", Some(Step::Attribute(name))) if !declarations.calls.contains_key(name) => {
                nothing(name, Reason::Module)
            }
            ("var" | "local" | "module", Some(Step::Attribute(_))) => Ok(None),
            ("var" | "local" | "module", _) => {
                let message = format!("\"{root}\" is no value of its own: it needs an attribute");
                Err(Error::new(CODE, message, span))
            }
            ("each" | "count", _) => self.each(root, steps, span).map(|_| None),
            ("path", _) => self.path(steps, span).map(|_| None),
            ("terraform", _) => self.terraform(steps, span).map(|_| None),
            ("self", _) if self.this.is_some() => Ok(None),
            ("self", _) => Err(Error::new(CODE, "\"self\" means nothing here", span)),
            _ => self.look_up_resource(root, steps, span),
        }
    }

    fn look_up_resource(&self, root: &str, steps: &[Step], span: Span) -> Result<Option<Value>> {
        let (declaration, used) = named_resource(root, steps, span)?;
        let Some(resource) = self.instance.module.declarations.resources.get(&declaration) else {
            return self.no_resource(&declaration, span).map(Some);
        };
        let refuse = |message: String| Err(Error::new(CODE, message, span));
        let body = &resource.block.body;
        let many = ["count", "for_each"].into_iter().find(|name| body.attribute(name).is_some());
        let mut rest = steps.get(used..).unwrap_or_default();
        match (many, rest.first()) {
            (Some(many), Some(Step::Attribute(_))) => {
                let message = format!("{} has {many}: which of its instances is meant?", declaration.text());
                return refuse(message);
            }
            (None, Some(Step::Index(key))) if matches!(key.kind, ExprKind::Literal(_)) => {
                let message = format!("{} has neither count nor for_each, so no index", declaration.text());
                return refuse(message);
            }
            (Some(_), Some(Step::Index(_))) => rest = &rest[1..],
            _ => {}
        }
        let (kind, attributes) = BUILT_IN;
        if *declaration.resource_type == *kind
            && let Some(name) = rest.first().and_then(attribute_name)
            && !attributes.contains(&name)
        {
            return refuse(format!("{kind} has no attribute \"{name}\""));
        }
        Ok(None)
    }

    /// The unknown in place of a resource that is not declared: the module may be a part of one, a snippet. The
    /// reference still says which resource is meant, and other references mean the same one.
    pub(super) fn no_resource(&self, declaration: &Declaration, span: Span) -> Result<Value> {
        // Every type of resource has its provider's name before an underscore.
        if !declaration.resource_type.contains('_') {
            let message = format!("{} is not declared in this module", declaration.text());
            return Err(Error::new(CODE, message, span));
        }
        let reason = if declaration.data { Reason::Data } else { Reason::Computed };
        Ok(self.nothing(&declaration.text(), reason, span).not_null())
    }

    /// The unknown in place of what is not declared, which is reported once.
    pub(super) fn nothing(&self, name: &str, reason: Reason, span: Span) -> Value {
        let address = self.instance.address(name);
        let message = format!("{name} is not declared in this module");
        self.run.report_once(CODE, &address, message, span);
        let resource = matches!(reason, Reason::Computed | Reason::Data).then_some(address.as_str());
        let symbol = self.run.symbol(&address, resource, None, reason, &Type::Any);
        Value::unknown(symbol, Type::Any, self.run.store.origins.written(span))
    }
}

/// The resource that a reference names, and the steps that this takes.
///
/// # Errors
/// When type or name is missing.
pub(super) fn named_resource(root: &str, steps: &[Step], span: Span) -> Result<(Declaration, usize)> {
    let (data, ephemeral) = (root == "data", root == "ephemeral");
    let (resource_type, name, used) = match (data || ephemeral || root == "resource", steps) {
        (true, [Step::Attribute(resource_type), Step::Attribute(name), ..]) => (resource_type, name, 2),
        (false, [Step::Attribute(name), ..]) => (&Arc::from(root), name, 1),
        _ => {
            let message = "a reference to a resource needs its type and its name";
            return Err(Error::new(CODE, message, span));
        }
    };
    let (resource_type, name) = (Arc::clone(resource_type), Arc::clone(name));
    Ok((Declaration { data, ephemeral, resource_type, name }, used))
}

/// `.name` or `["name"]`.
fn attribute_name(step: &Step) -> Option<&str> {
    match step {
        Step::Attribute(name) => Some(name),
        Step::Index(key) => match &key.kind {
            ExprKind::Literal(Value { kind: Kind::String(text), .. }) => text.as_str(),
            _ => None,
        },
        Step::Splat(_) => None,
    }
}
