//! `type = ...` of variables.

use std::collections::BTreeMap;
use std::sync::Arc;

use iac_hcl::ast::{Expr, ExprKind};
use iac_hcl::types::Attribute;
use iac_hcl::{Error, Evaluator, Field, Fields, Kind, Result, Type, Value};

/// A type constraint with the defaults of its optional attributes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Constraint {
    pub(crate) kind: Type,
    pub(crate) defaults: Defaults,
}

/// Defaults of optional attributes, by the way to them; hcl: typeexpr.Defaults.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defaults {
    values: BTreeMap<Arc<str>, Value>,
    /// Of attributes; of tuple elements by their index; of collection elements under the empty name.
    inner: BTreeMap<Arc<str>, Defaults>,
}

/// Reads a type constraint. `evaluator` evaluates defaults, in which nothing may be named.
pub(crate) fn type_constraint(expr: &Expr, evaluator: &Evaluator<'_>) -> Result<Constraint> {
    let fail = |message: String| Err(Error::new("terraform-type", message, expr.span));
    match &expr.kind {
        ExprKind::Reference(name, steps) if steps.is_empty() => {
            let kind = match &**name {
                "any" => Type::Any,
                "bool" => Type::Bool,
                "number" => Type::Number,
                "string" => Type::String,
                // Terraform 0.11 wrote these without element types.
                "list" => Type::list(Type::Any),
                "map" => Type::map(Type::Any),
                "set" => Type::set(Type::Any),
                other => return fail(format!("\"{other}\" is not a type")),
            };
            Ok(Constraint { kind, defaults: Defaults::default() })
        }
        ExprKind::Literal(value) => match value.as_str() {
            // Terraform 0.11 wrote types in quotes.
            Some("string") => Ok(Constraint { kind: Type::String, defaults: Defaults::default() }),
            Some("list") => Ok(Constraint { kind: Type::list(Type::Any), defaults: Defaults::default() }),
            Some("map") => Ok(Constraint { kind: Type::map(Type::Any), defaults: Defaults::default() }),
            _ => fail("a type is required here".into()),
        },
        ExprKind::Call(call) => {
            let [argument] = call.arguments.as_slice() else {
                return fail(format!("the {} type takes one argument", call.name));
            };
            match (&*call.name, &argument.kind) {
                ("list" | "set" | "map", _) => {
                    let element = type_constraint(argument, evaluator)?;
                    let kind = match &*call.name {
                        "list" => Type::list(element.kind),
                        "set" => Type::set(element.kind),
                        _ => Type::map(element.kind),
                    };
                    Ok(Constraint { kind, defaults: Defaults::of_elements(element.defaults) })
                }
                ("tuple", ExprKind::Tuple(elements)) => {
                    let mut kinds = Vec::with_capacity(elements.len());
                    let mut defaults = Defaults::default();
                    for (index, element) in elements.iter().enumerate() {
                        let element = type_constraint(element, evaluator)?;
                        kinds.push(element.kind);
                        defaults.nest(index.to_string().into(), element.defaults);
                    }
                    Ok(Constraint { kind: Type::tuple(kinds), defaults })
                }
                ("object", ExprKind::Object(items)) => {
                    let mut attributes = Vec::with_capacity(items.len());
                    let mut defaults = Defaults::default();
                    for item in items {
                        let ExprKind::Literal(key) = &item.key.kind else {
                            return fail("attribute names of an object type are plain words".into());
                        };
                        let Some(name) = key.as_str() else {
                            return fail("attribute names of an object type are plain words".into());
                        };
                        let name: Arc<str> = name.into();
                        let (attribute, default) = attribute(&name, &item.value, evaluator)?;
                        attributes.push(attribute.0);
                        defaults.nest(Arc::clone(&name), attribute.1);
                        if let Some(default) = default {
                            defaults.values.insert(name, default);
                        }
                    }
                    attributes.sort_by(|a: &Attribute, b| a.name.cmp(&b.name));
                    attributes.dedup_by(|a, b| a.name == b.name);
                    Ok(Constraint { kind: Type::Object(attributes.into()), defaults })
                }
                (name, _) => fail(format!("\"{name}(...)\" is not a type")),
            }
        }
        _ => fail("a type is required here".into()),
    }
}

/// An attribute of an object type, with the defaults inside it and its own.
fn attribute(
    name: &Arc<str>,
    expr: &Expr,
    evaluator: &Evaluator<'_>,
) -> Result<((Attribute, Defaults), Option<Value>)> {
    let (inner, default, optional) = match &expr.kind {
        ExprKind::Call(call) if &*call.name == "optional" => match call.arguments.as_slice() {
            [inner] => (inner, None, true),
            [inner, default] => (inner, Some(default), true),
            _ => {
                let message = "optional(...) takes a type and, if you like, a default value";
                return Err(Error::new("terraform-type", message, expr.span));
            }
        },
        _ => (expr, None, false),
    };
    let constraint = type_constraint(inner, evaluator)?;
    let default = match default {
        None => None,
        Some(default) => {
            let value = evaluator.value(default)?;
            // The default of an attribute may leave out what is optional inside it.
            let value = constraint.defaults.apply(&value);
            let value = iac_hcl::convert(evaluator.store, &value, &constraint.kind).map_err(|error| {
                Error::new("terraform-type", format!("unsuitable default: {error}"), default.span)
            })?;
            Some(value)
        }
    };
    let attribute = Attribute { name: Arc::clone(name), kind: constraint.kind, optional };
    Ok(((attribute, constraint.defaults), default))
}

impl Defaults {
    fn of_elements(defaults: Self) -> Self {
        let mut out = Self::default();
        out.nest("".into(), defaults);
        out
    }

    fn nest(&mut self, name: Arc<str>, defaults: Self) {
        if !defaults.is_empty() {
            self.inner.insert(name, defaults);
        }
    }

    fn is_empty(&self) -> bool {
        self.values.is_empty() && self.inner.is_empty()
    }

    /// Puts defaults where a value has null or nothing; the value is converted afterwards.
    pub(crate) fn apply(&self, value: &Value) -> Value {
        if self.is_empty() {
            return value.clone();
        }
        let kind = match &value.kind {
            Kind::Tuple(elements) | Kind::List(_, elements) | Kind::Set(_, elements) => {
                let element = |(index, element): (usize, &Value)| {
                    let inner = self.inner.get("").or_else(|| self.inner.get(index.to_string().as_str()));
                    inner.map_or_else(|| element.clone(), |inner| inner.apply(element))
                };
                // The types of elements may differ now: conversion makes them one again.
                Kind::Tuple(Arc::new(elements.iter().enumerate().map(element).collect()))
            }
            Kind::Map(_, fields) | Kind::Object(fields) => {
                Kind::Object(Arc::new(self.apply_to_fields(value, fields)))
            }
            Kind::Unknown(unknown) => {
                let (Some(inner), Some(element)) = (self.inner.get(""), &unknown.element) else {
                    return value.clone();
                };
                return value.clone().of_elements(inner.apply(element));
            }
            Kind::Bool(_) | Kind::Null(_) | Kind::Number(_) | Kind::String(_) => return value.clone(),
        };
        Value { kind, ..value.clone() }
    }

    fn apply_to_fields(&self, value: &Value, fields: &Fields) -> Fields {
        let of_elements = self.inner.get("");
        let field = |field: &Field| {
            let inner = of_elements.or_else(|| self.inner.get(&field.key));
            let value = inner.map_or_else(|| field.value.clone(), |inner| inner.apply(&field.value));
            Field { value, ..field.clone() }
        };
        let mut out: Fields = fields.iter().map(field).collect();
        for (name, default) in &self.values {
            if out.get(name).is_none_or(Value::is_null) {
                out.insert(Arc::clone(name), value.origin, default.clone());
            }
        }
        out
    }
}
