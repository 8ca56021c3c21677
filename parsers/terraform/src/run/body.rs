//! Bodies of resources, data sources and providers: arguments, blocks, dynamic blocks.

use std::collections::BTreeMap;
use std::sync::Arc;

use iac_hcl::ast::{Block, Body, Expr, ExprKind};
use iac_hcl::{Error, Fields, Kind, Names, Type, Value, derive};
use iac_model::{Origin, OriginId, Span, SymbolId, TypeHint};

use super::InstanceScope;

/// Elements of one dynamic block.
const MAX: usize = 10_000;

/// What a body belongs to: names and symbols of its blocks start there.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Symbol of the resource instance or of the block.
    pub(crate) symbol: SymbolId,
    /// Arguments and blocks that are not the provider's.
    pub(crate) meta: &'a [&'a str],
}

impl InstanceScope<'_> {
    /// Evaluates a body. Blocks are tuples of objects, which like the resource itself have attributes that only the
    /// provider knows. An argument that fails is reported and unknown.
    pub(crate) fn body(&self, body: &Body, names: &Names<'_>, place: Place<'_>) -> Fields {
        let mut fields = Vec::with_capacity(body.attributes.len());
        for attribute in &body.attributes {
            if place.meta.contains(&&*attribute.name) {
                continue;
            }
            let value = self.argument(&attribute.value, names, &attribute.name);
            let origin = attribute.name_origin(self.run.store);
            fields.push(iac_hcl::Field::new(Arc::clone(&attribute.name), origin, value));
        }
        let mut blocks: BTreeMap<Arc<str>, Vec<(OriginId, Value)>> = BTreeMap::new();
        for block in &body.blocks {
            if place.meta.contains(&&*block.kind) {
                continue;
            }
            if &*block.kind == "dynamic" {
                if let Some(kind) = block.label(0) {
                    let list = blocks.entry(Arc::clone(kind)).or_default();
                    self.dynamic(block, names, place, list);
                }
                continue;
            }
            let list = blocks.entry(Arc::clone(&block.kind)).or_default();
            let origin = block.header_origin(self.run.store);
            let value = self.block(&block.kind, list.len(), &block.body, names, place, origin);
            list.push((origin, value));
        }
        for (kind, list) in blocks {
            let Some(&(origin, _)) = list.first() else { continue };
            let values = list.into_iter().map(|(_, value)| value).collect();
            fields.push(iac_hcl::Field::new(kind, origin, Value::tuple(values, origin)));
        }
        fields.into_iter().collect()
    }

    fn argument(&self, expr: &Expr, names: &Names<'_>, name: &str) -> Value {
        self.evaluator().argument(expr, names).unwrap_or_else(|error| {
            let what = format!("{}.{name}", self.owner);
            self.run.failed(&error, &what, expr.origin(self.run.store))
        })
    }

    fn block(
        &self,
        kind: &str,
        index: usize,
        body: &Body,
        names: &Names<'_>,
        place: Place<'_>,
        origin: OriginId,
    ) -> Value {
        let suffix = format!(".{kind}[{index}]");
        let symbol = derive::extend(self.run.store, place.symbol, &suffix, TypeHint::Map);
        let fields = self.body(body, names, Place { symbol, meta: &[] });
        Value::unknown(symbol, Type::Any, origin).not_null().with_fields(fields)
    }

    /// Expands a dynamic block into the list of its kind.
    fn dynamic(&self, block: &Block, names: &Names<'_>, place: Place<'_>, list: &mut Vec<(OriginId, Value)>) {
        let run = self.run;
        let Some(kind) = block.label(0) else { return };
        let (Some(each), Some(content)) =
            (block.body.attribute("for_each"), block.body.blocks("content").next())
        else {
            let message = "a dynamic block needs for_each and a content block";
            run.report(Error::new("terraform-dynamic", message, block.header).problem());
            return;
        };
        let iterator: Arc<str> = match block.body.attribute("iterator").map(|attribute| &attribute.value.kind)
        {
            Some(ExprKind::Reference(name, _)) => Arc::clone(name),
            _ => Arc::clone(kind),
        };
        let value = self.argument(&each.value, names, &format!("dynamic.{kind}"));
        let header = block.header_origin(run.store);
        let mut weight: u64 = 0;
        let mut add = |key: Value, value: Value, origin: OriginId, condition: bool| {
            let mut bound = Fields::new();
            bound.insert("key", key.origin, key);
            bound.insert("value", value.origin, value);
            let bound = vec![(Arc::clone(&iterator), Value::object(bound, origin))];
            let names = Names::inside(names, bound);
            let mut value = self.block(kind, list.len(), &content.body, &names, place, origin);
            if condition {
                value = self.under(&value, block.header, origin);
            }
            weight = weight.saturating_add(value.weight());
            list.push((origin, value));
            run.limits.hold(weight, each.value.span)
        };
        match self.elements(&value, each.value.span) {
            Ok(Some(pairs)) => {
                for (key, value) in pairs {
                    // The element is why the block is there.
                    let origin = run.store.origins.printed(block.header, header, Some(value.origin));
                    if let Err(error) = add(key, value, origin, false) {
                        run.report(error.problem());
                        break;
                    }
                }
            }
            Ok(None) => {
                let symbol = derive::symbols_in(&value).first().copied().unwrap_or(place.symbol);
                let origin = run.store.origins.add_assuming(Origin::Written(block.header), symbol);
                let what = format!("{}.{kind}", self.owner);
                let sample = value.as_unknown().and_then(|unknown| unknown.element.as_deref().cloned());
                let element = sample.unwrap_or_else(|| {
                    let address = format!("{iterator}.value({what})");
                    run.unknown(&address, iac_model::Reason::Derived, Type::Any, value.origin).not_null()
                });
                let address = format!("{iterator}.key({what})");
                let key =
                    run.unknown(&address, iac_model::Reason::Derived, Type::Any, value.origin).not_null();
                if let Err(error) = add(key, element, origin, true) {
                    run.report(error.problem());
                }
            }
            Err(error) => run.report(error.problem()),
        }
    }

    /// What stands in a block that may not be there: all of it is under that condition.
    fn under(&self, value: &Value, site: Span, condition: OriginId) -> Value {
        let inner = |value: &Value| {
            let value = self.under(value, site, condition);
            let origin = self.run.store.origins.printed(site, value.origin, Some(condition));
            value.at(origin)
        };
        let fields = |fields: &Fields| -> Fields {
            fields
                .iter()
                .map(|field| iac_hcl::Field { value: inner(&field.value), ..field.clone() })
                .collect()
        };
        let kind = match &value.kind {
            Kind::Tuple(elements) => Kind::Tuple(Arc::new(elements.iter().map(inner).collect())),
            Kind::List(kind, elements) => {
                Kind::List(kind.clone(), Arc::new(elements.iter().map(inner).collect()))
            }
            Kind::Set(kind, elements) => {
                Kind::Set(kind.clone(), Arc::new(elements.iter().map(inner).collect()))
            }
            Kind::Object(found) => Kind::Object(Arc::new(fields(found))),
            Kind::Map(kind, found) => Kind::Map(kind.clone(), Arc::new(fields(found))),
            Kind::Unknown(unknown) => {
                return match &unknown.fields {
                    Some(found) => value.clone().with_fields(fields(found)),
                    None => value.clone(),
                };
            }
            Kind::Bool(_) | Kind::Null(_) | Kind::Number(_) | Kind::String(_) => return value.clone(),
        };
        Value { kind, ..value.clone() }
    }

    /// Keys and elements of a dynamic block's `for_each`; `None` if they are not known.
    fn elements(&self, value: &Value, span: Span) -> Result<Option<Vec<(Value, Value)>>, Box<Error>> {
        let Some(pairs) = value.pairs(self.run.store) else {
            return match &value.kind {
                Kind::Unknown(unknown) if unknown.fields.is_none() => Ok(None),
                Kind::Null(_) => {
                    let message = "cannot use a null value in for_each of a dynamic block";
                    Err(Error::new("terraform-dynamic", message, span))
                }
                _ => {
                    let kind = value.type_of().friendly_name();
                    let message = format!("cannot use a {kind} value in for_each of a dynamic block");
                    Err(Error::new("terraform-dynamic", message, span))
                }
            };
        };
        if pairs.len() > MAX {
            return Err(Error::limit(format!("a dynamic block has more than {MAX} elements"), span));
        }
        Ok(Some(pairs))
    }
}
