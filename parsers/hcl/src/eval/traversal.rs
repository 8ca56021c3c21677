//! What is read from a value: attributes, elements, splats; hclsyntax: ops.go, SplatExpr.

use iac_model::Span;

use super::error::{Error, Result};
use super::{Evaluator, Names};
use crate::Type;
use crate::ast::Step;
use crate::convert::convert;
use crate::derive::{self, derive};
use crate::value::{Fields, Kind, Unknown, Value};

impl Evaluator<'_> {
    /// Applies steps one after the other.
    ///
    /// # Errors
    /// When there is nothing of that name or index.
    pub fn steps(&self, value: Value, steps: &[Step], span: Span, names: &Names<'_>) -> Result<Value> {
        let mut value = value;
        for step in steps {
            value = match step {
                Step::Attribute(name) => self.attribute(&value, name, span)?,
                Step::Index(key) => {
                    let key = self.evaluate(key, names)?;
                    self.index(&value, &key, span)?
                }
                Step::Splat(inner) => self.splat(value, inner, span, names)?,
            };
        }
        Ok(value)
    }

    /// Reads `.name`.
    ///
    /// # Errors
    /// When there is no such attribute.
    pub fn attribute(&self, value: &Value, name: &str, span: Span) -> Result<Value> {
        let fail = |message: String| Err(Error::new("terraform-attribute", message, span));
        match &value.kind {
            Kind::Object(fields) => match fields.get(name) {
                Some(found) => Ok(found.clone().marked(value.marks)),
                None if fields.has_symbolic_keys() => Ok(self.missing(value, name)),
                None => fail(format!("this object does not have an attribute named \"{name}\"")),
            },
            Kind::Map(_, fields) => match fields.get(name) {
                Some(found) => Ok(found.clone().marked(value.marks)),
                None if fields.has_symbolic_keys() => Ok(self.missing(value, name)),
                None => fail(format!("this map does not have an element with the key \"{name}\"")),
            },
            Kind::Unknown(unknown) => self.unknown_attribute(value, unknown, name, span),
            Kind::Null(_) => fail("this value is null, so it does not have any attributes".into()),
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                let kind = value.type_of().friendly_name();
                fail(format!("can't access attributes on a primitive-typed value ({kind})"))
            }
            Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => {
                fail("this value does not have any attributes".into())
            }
        }
    }

    fn missing(&self, value: &Value, name: &str) -> Value {
        let key = Value::string(name, value.origin);
        derive(self.store, "index", &[value, &key], Type::Any, value.origin)
    }

    fn unknown_attribute(&self, value: &Value, unknown: &Unknown, name: &str, span: Span) -> Result<Value> {
        if let Some(found) = unknown.fields.as_ref().and_then(|fields| fields.get(name)) {
            return Ok(found.clone().marked(value.marks));
        }
        let kind = match &unknown.kind {
            Type::Any => self.scope.attribute_type(unknown, name),
            Type::Map(element) => (**element).clone(),
            Type::Object(_) => match unknown.kind.attribute(name) {
                Some(attribute) => attribute.kind.clone(),
                None => {
                    let message = format!("this object does not have an attribute named \"{name}\"");
                    return Err(Error::new("terraform-attribute", message, span));
                }
            },
            other => {
                let message = format!("can't access attributes on a value of type {}", other.friendly_name());
                return Err(Error::new("terraform-attribute", message, span));
            }
        };
        let found = derive::attribute(self.store, value, unknown, name, &kind);
        let found = found.at(self.store.origins.written(span));
        // What a provider computes is there after apply: ids and ARNs are never null.
        let certain = unknown.fields.is_some() && kind == Type::String;
        Ok(if certain { found.not_null() } else { found })
    }

    /// Reads `[key]`.
    ///
    /// # Errors
    /// When there is no such element.
    pub fn index(&self, value: &Value, key: &Value, span: Span) -> Result<Value> {
        let fail = |message: &str| Err(Error::new("terraform-index", message, span));
        let missing = || fail("the given key does not identify an element in this collection value");
        if value.is_null() {
            return fail("this value is null, so it does not have any indices");
        }
        if key.is_null() {
            return fail("can't use a null value as an indexing key");
        }
        let want = match &value.kind {
            Kind::List(..) | Kind::Tuple(_) => Type::Number,
            Kind::Map(..) | Kind::Object(_) => Type::String,
            Kind::Unknown(unknown) => match &unknown.kind {
                Type::List(_) | Type::Tuple(_) => Type::Number,
                Type::Map(_) | Type::Object(_) => Type::String,
                Type::Any => key.type_of(),
                _ => return fail("this value does not have any indices"),
            },
            Kind::Set(..) => {
                return fail("elements of a set are identified only by their value and have no index");
            }
            Kind::Bool(_) | Kind::Null(_) | Kind::Number(_) | Kind::String(_) => {
                return fail("this value does not have any indices");
            }
        };
        let key = convert(self.store, key, &want).map_err(|error| {
            let message =
                format!("the given key does not identify an element in this collection value: {error}");
            Error::new("terraform-index", message, span)
        })?;
        let marks = value.marks.and(key.marks);
        let found = match &value.kind {
            Kind::List(_, elements) | Kind::Tuple(elements) => match key.as_number() {
                None => self.some_element(value, &key, elements.iter()),
                Some(number) => {
                    let at = number.as_i64().and_then(|index| usize::try_from(index).ok());
                    match at.and_then(|at| elements.get(at)) {
                        Some(found) => found.clone(),
                        None => return missing(),
                    }
                }
            },
            Kind::Map(_, fields) | Kind::Object(fields) => self.field_at(value, fields, &key, span)?,
            Kind::Unknown(unknown) if unknown.element.is_some() => {
                unknown.element.as_deref().cloned().unwrap_or_else(|| value.clone())
            }
            Kind::Unknown(unknown) => match (key.as_str(), &unknown.kind) {
                (Some(name), Type::Any | Type::Map(_) | Type::Object(_)) => {
                    self.unknown_attribute(value, unknown, name, span)?
                }
                _ => {
                    let kind = match &unknown.kind {
                        Type::List(element) | Type::Map(element) => (**element).clone(),
                        Type::Tuple(elements) => match key.as_number().and_then(crate::Number::as_i64) {
                            Some(at) => match usize::try_from(at).ok().and_then(|at| elements.get(at)) {
                                Some(element) => element.clone(),
                                None => return missing(),
                            },
                            None => Type::Any,
                        },
                        _ => Type::Any,
                    };
                    let found = derive::element(self.store, value, unknown, &key, &kind);
                    found.at(self.store.origins.written(span))
                }
            },
            _ => return missing(),
        };
        Ok(found.marked(marks))
    }

    fn field_at(&self, value: &Value, fields: &Fields, key: &Value, span: Span) -> Result<Value> {
        // A key with the same symbols as one in the map is that key.
        let text = match &key.kind {
            Kind::Unknown(unknown) => self.store.symbols.placeholder(unknown.symbol).to_owned(),
            Kind::String(text) => text.to_str_lossy().into_owned(),
            _ => String::new(),
        };
        match fields.get(&text) {
            Some(found) => Ok(found.clone()),
            None if !key.is_known() || fields.has_symbolic_keys() => {
                Ok(self.some_element(value, key, fields.values()))
            }
            None => {
                let message = "the given key does not identify an element in this collection value";
                Err(Error::new("terraform-index", message, span))
            }
        }
    }

    /// One of the elements, not known which.
    fn some_element<'v>(
        &self,
        value: &Value,
        key: &Value,
        elements: impl Iterator<Item = &'v Value> + Clone,
    ) -> Value {
        let kinds: std::collections::HashSet<Type> = elements.clone().map(Value::type_of).collect();
        let kind = match (kinds.len(), kinds.into_iter().next()) {
            (1, Some(kind)) => kind,
            _ => Type::Any,
        };
        let found = derive(self.store, "index", &[value, key], kind, key.origin);
        if elements.clone().count() > 0 && elements.clone().all(|element| !element.could_be_null()) {
            found.not_null()
        } else {
            found
        }
    }

    fn splat(&self, source: Value, steps: &[Step], span: Span, names: &Names<'_>) -> Result<Value> {
        let marks = source.marks;
        let is_sequence = |kind: &Type| matches!(kind, Type::List(_) | Type::Set(_) | Type::Tuple(_));
        match &source.kind {
            Kind::Null(kind) if is_sequence(kind) => {
                let message = "splat expressions (with the * symbol) cannot be applied to null sequences";
                Err(Error::new("terraform-splat", message, span))
            }
            Kind::Null(_) => Ok(Value::tuple(Vec::new(), source.origin).marked(marks)),
            Kind::List(element, elements) | Kind::Set(element, elements) => {
                let results = self.each(elements, steps, span, names)?;
                let kind = match results.first() {
                    Some(first) => {
                        let kind = first.type_of();
                        let others: Vec<Type> = results.iter().map(Value::type_of).collect();
                        // hclsyntax 2.24: what a list cannot hold together is an error. An unknown may fit.
                        let apart = |other: &Type| *other != kind && *other != Type::Any && kind != Type::Any;
                        if results.iter().all(Value::is_known) && others.iter().any(apart) {
                            let message = "the inner splat expression gives elements of different types";
                            return Err(Error::new("terraform-splat", message, span));
                        }
                        if others.iter().all(|other| *other == kind) { kind } else { Type::Any }
                    }
                    None => self.kind_after((**element).clone(), &source, steps, span, names),
                };
                Ok(Value::list(kind, results, source.origin).marked(marks))
            }
            Kind::Tuple(elements) => {
                let results = self.each(elements, steps, span, names)?;
                Ok(Value::tuple(results, source.origin).marked(marks))
            }
            Kind::Unknown(unknown) if unknown.element.is_some() => {
                let symbol = derive::extend(self.store, unknown.symbol, "[*]", iac_model::TypeHint::List);
                let element = unknown.element.as_deref().cloned().unwrap_or_else(|| source.clone());
                let item = self.steps(element, steps, span, names)?;
                let symbol = match item.as_unknown() {
                    Some(unknown) => {
                        derive::extend(self.store, unknown.symbol, "[*]", iac_model::TypeHint::List)
                    }
                    None => symbol,
                };
                let list = Value::unknown(symbol, Type::list(item.type_of()), source.origin).not_null();
                Ok(list.of_elements(item).marked(marks))
            }
            Kind::Unknown(unknown) if is_sequence(&unknown.kind) => {
                let symbol = derive::extend(self.store, unknown.symbol, "[*]", iac_model::TypeHint::Any);
                let element = match &unknown.kind {
                    Type::List(element) | Type::Set(element) => (**element).clone(),
                    _ => Type::Any,
                };
                let item = Value::unknown(symbol, element, source.origin);
                let item = self.steps(item, steps, span, names)?;
                let symbol = match &item.kind {
                    Kind::Unknown(unknown) => unknown.symbol,
                    _ => symbol,
                };
                let kind = match unknown.kind {
                    Type::Tuple(_) => Type::Any,
                    _ => Type::list(item.type_of()),
                };
                let list = Value::unknown(symbol, kind, source.origin).not_null().marked(marks);
                Ok(match unknown.range {
                    Some((low, high)) => list.in_range(low, high),
                    None => list,
                })
            }
            Kind::Unknown(unknown) if unknown.fields.is_none() && !unknown.not_null => {
                let symbol = derive::extend(self.store, unknown.symbol, "[*]", iac_model::TypeHint::Any);
                let item = Value::unknown(symbol, Type::Any, source.origin);
                let item = self.steps(item, steps, span, names)?;
                let symbol = item.as_unknown().map_or(symbol, |unknown| unknown.symbol);
                Ok(Value::unknown(symbol, Type::Any, source.origin).marked(marks))
            }
            Kind::Unknown(unknown) if unknown.fields.is_none() && unknown.kind == Type::Any => {
                let symbol = derive::extend(self.store, unknown.symbol, "[*]", iac_model::TypeHint::Any);
                Ok(Value::unknown(symbol, Type::Any, source.origin).marked(marks))
            }
            _ => {
                let origin = source.origin;
                let item = self.steps(source, steps, span, names)?;
                Ok(Value::tuple(vec![item], origin).marked(marks))
            }
        }
    }

    fn each(&self, elements: &[Value], steps: &[Step], span: Span, names: &Names<'_>) -> Result<Vec<Value>> {
        elements
            .iter()
            .map(|element| {
                self.limits.take(1, span)?;
                self.steps(element.clone(), steps, span, names)
            })
            .collect()
    }

    /// The type that steps lead to from a type, for an empty list.
    fn kind_after(&self, kind: Type, like: &Value, steps: &[Step], span: Span, names: &Names<'_>) -> Type {
        let inputs = [like];
        let item = derive(self.store, "element", &inputs, kind, like.origin);
        self.steps(item, steps, span, names).map_or(Type::Any, |item| item.type_of())
    }
}
