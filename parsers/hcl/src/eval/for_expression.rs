//! `[for ...]` and `{for ...}`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::{Error, Result};
use super::{Evaluator, Names};
use crate::Type;
use crate::ast::{Expr, For};
use crate::convert::convert;
use crate::derive::derive;
use crate::value::{Field, Fields, Marks, Value};

impl Evaluator<'_> {
    pub(super) fn for_expression(&self, each: &For, expr: &Expr, names: &Names<'_>) -> Result<Value> {
        let collection = self.evaluate(&each.collection, names)?;
        let unknown = || {
            let text = self.store.sources.slice(expr.span);
            self.unrolled(&text, &collection, Type::Any, expr.span, names)
        };
        let Some(pairs) = self.pairs(&collection, each.collection.span)? else {
            if self.takes_none(each, &collection, names) {
                let origin = self.computed(expr.span, &[&collection]);
                return Ok(match &each.key {
                    None => Value::tuple(Vec::new(), origin),
                    Some(_) => Value::object(Fields::new(), origin),
                });
            }
            let result = unknown();
            return Ok(match self.sample(each, &collection, names) {
                Some(sample) => result.of_elements(sample),
                None => result,
            });
        };
        let mut results = Results::default();
        let mut marks = collection.marks;
        let mut known = true;
        let mut weight: u64 = 0;
        for (key, value) in pairs {
            self.limits.work(expr.span)?;
            let mut bound = vec![(each.value_name.clone(), value)];
            bound.extend(each.key_name.clone().map(|name| (name, key)));
            let names = Names::inside(names, bound);
            if let Some(condition) = &each.condition {
                match self.takes_part(condition, &names, &mut marks)? {
                    Some(true) => {}
                    Some(false) => continue,
                    None => {
                        known = false;
                        continue;
                    }
                }
            }
            let Some(key) = &each.key else {
                let element = self.evaluate(&each.value, &names)?;
                weight = weight.saturating_add(element.weight());
                self.limits.hold(weight, expr.span)?;
                results.elements.push(element);
                continue;
            };
            let field = self.entry(key, &each.value, &names, &mut marks)?;
            weight = weight.saturating_add(field.value.weight());
            self.limits.hold(weight, expr.span)?;
            results.add(field, each.group, key)?;
        }
        if !known {
            return Ok(unknown().marked(marks));
        }
        let origin = self.computed(expr.span, &[&collection]);
        let result = match &each.key {
            None => Value::tuple(results.elements, origin),
            Some(_) => Value::object(results.fields(origin), origin),
        };
        Ok(result.marked(marks))
    }

    /// What the results are, whatever the number of elements: if those are all alike, that is known.
    fn sample(&self, each: &For, collection: &Value, names: &Names<'_>) -> Option<Value> {
        let bound = self.sample_names(each, collection)?;
        self.evaluate(&each.value, &Names::inside(names, bound)).ok()
    }

    /// Tells whether no element meets the condition, however many there are: they are all alike.
    fn takes_none(&self, each: &For, collection: &Value, names: &Names<'_>) -> bool {
        let Some((condition, bound)) = each.condition.as_ref().zip(self.sample_names(each, collection))
        else {
            return false;
        };
        let names = Names::inside(names, bound);
        matches!(self.takes_part(condition, &names, &mut { Marks::NONE }), Ok(Some(false)))
    }

    /// The names of a round with the element that stands for all of them.
    fn sample_names(&self, each: &For, collection: &Value) -> Option<Vec<(Arc<str>, Value)>> {
        let element = collection.as_unknown()?.element.as_deref()?.clone();
        let key = derive(self.store, "keys", &[collection], Type::Any, collection.origin);
        let mut bound = vec![(each.value_name.clone(), element)];
        bound.extend(each.key_name.clone().map(|name| (name, key)));
        Some(bound)
    }

    /// Whether an element meets the condition; `None` if that is not known.
    fn takes_part(&self, condition: &Expr, names: &Names<'_>, marks: &mut Marks) -> Result<Option<bool>> {
        let value = self.evaluate(condition, names)?;
        *marks = marks.and(value.marks);
        if value.is_null() {
            let message = "the value of the 'if' clause must not be null";
            return Err(Error::new("terraform-for", message, condition.span));
        }
        let value = convert(self.store, &value, &Type::Bool).map_err(|error| {
            Error::new("terraform-for", format!("the 'if' clause value is invalid: {error}"), condition.span)
        })?;
        Ok(value.as_bool())
    }

    fn entry(&self, key: &Expr, value: &Expr, names: &Names<'_>, marks: &mut Marks) -> Result<Field> {
        let name = self.evaluate(key, names)?;
        *marks = marks.and(name.marks);
        if name.is_null() {
            let message = "key expression in 'for' expression must not produce a null value";
            return Err(Error::new("terraform-for", message, key.span));
        }
        let name = convert(self.store, &name, &Type::String).map_err(|error| {
            let message = format!("the key expression produced an invalid result: {error}");
            Error::new("terraform-for", message, key.span)
        })?;
        Ok(self.field(&name, self.evaluate(value, names)?))
    }
}

#[derive(Default)]
struct Results {
    elements: Vec<Value>,
    /// Fields by key, all with the same key together.
    groups: BTreeMap<std::sync::Arc<str>, Vec<Field>>,
    grouped: bool,
}

impl Results {
    fn add(&mut self, field: Field, group: bool, key: &Expr) -> Result<()> {
        self.grouped = group;
        let same = self.groups.entry(field.key.clone()).or_default();
        if !same.is_empty() && !group {
            let message =
                format!("two different items produced the key \"{}\" in this 'for' expression", field.key);
            return Err(Error::new("terraform-for", message, key.span));
        }
        same.push(field);
        Ok(())
    }

    fn fields(self, origin: iac_model::OriginId) -> Fields {
        let grouped = self.grouped;
        let merge = |fields: Vec<Field>| {
            let mut fields = fields.into_iter();
            let mut first = fields.next()?;
            if grouped {
                let values = std::iter::once(first.value).chain(fields.map(|field| field.value));
                first.value = Value::tuple(values.collect(), origin);
            }
            Some(first)
        };
        self.groups.into_values().filter_map(merge).collect()
    }
}
