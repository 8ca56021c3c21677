//! Resources and data sources.

use std::rc::Rc;

use iac_hcl::{Fields, Names, Type, Value};
use iac_model::{Origin, OriginId, Reason};

use super::address::Each;
use super::body::Place;
use super::expand::{self, Expansion};
use super::{Instance, InstanceScope, Run};
use crate::config::Declaration;
use crate::{data, provider};

/// All instances of a resource.
pub(crate) struct ExpandedResource {
    pub(crate) instances: Vec<ResourceInstance>,
    /// What a reference to the resource gives.
    pub(crate) value: Value,
}

/// One instance of a resource.
pub(crate) struct ResourceInstance {
    pub(crate) address: String,
    pub(crate) key: String,
    /// Arguments as evaluated.
    pub(crate) body: Value,
    /// The block header; it rests on the unknown that decides whether there is an instance.
    pub(crate) origin: OriginId,
}

/// Arguments of a resource that are Terraform's own.
pub(crate) const META: [&str; 7] =
    ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

pub(super) fn expand(run: &Run<'_>, instance: &Rc<Instance>, declaration: &Declaration) -> ExpandedResource {
    let address = instance.address(&declaration.text());
    let Some(resource) = instance.module.declarations.resources.get(declaration) else {
        let origin = run.store.origins.argument(address.clone());
        return ExpandedResource { instances: Vec::new(), value: Value::null(Type::Any, origin) };
    };
    let block = &resource.block;
    let scope = InstanceScope { owner: address.clone(), ..InstanceScope::new(run, instance) };
    let expansion = expand::expand(&scope, &block.body, &address);
    let header = block.header_origin(run.store);
    let origin = match &expansion {
        Expansion::Any(_, symbol) => run.store.origins.add_assuming(Origin::Written(block.header), *symbol),
        Expansion::Counted(_) | Expansion::Named(_) | Expansion::Single => header,
    };
    let mut instances = Vec::new();
    let mut values = Vec::new();
    for each in expansion.each() {
        let (made, value) = evaluate(run, instance, declaration, block, each, origin);
        instances.push(made);
        values.push(value);
    }
    let value = expand::collect(run, &expansion, values, &address, Some(&format!("{address}[*]")), header);
    ExpandedResource { instances, value }
}

/// Evaluates one instance: what it is in results, and what a reference to it gives.
fn evaluate(
    run: &Run<'_>,
    instance: &Rc<Instance>,
    declaration: &Declaration,
    block: &iac_hcl::ast::Block,
    each: &Each,
    origin: OriginId,
) -> (ResourceInstance, Value) {
    let key = each.key.suffix();
    let address = format!("{}{key}", instance.address(&declaration.text()));
    let reason = if declaration.data { Reason::Data } else { Reason::Computed };
    let symbol = run.symbol(&address, Some(&address), None, reason, &Type::Any);
    let scope = InstanceScope { each, owner: address.clone(), ..InstanceScope::new(run, instance) };
    let mut fields = scope.body(&block.body, &Names::EMPTY, Place { symbol, meta: &META });
    let mut exported: Fields = fields.iter().filter(|field| !field.value.is_null()).cloned().collect();
    let mut closed = false;
    if declaration.data {
        if let Some(computed) = data::compute(&scope, declaration, &fields, block) {
            for field in computed.iter() {
                exported.set(field.clone());
                fields.set(field.clone());
            }
        }
    } else if declaration.ephemeral {
        for mark in [&mut fields, &mut exported] {
            *mark = mark
                .iter()
                .map(|field| {
                    let marks = iac_hcl::Marks { sensitive: false, ephemeral: true };
                    iac_hcl::Field { value: field.value.clone().marked(marks), ..field.clone() }
                })
                .collect();
        }
    } else {
        let unknown = Value::unknown(symbol, Type::Any, origin).not_null();
        closed = provider::export(&scope, &declaration.resource_type, &unknown, &mut exported);
    }
    let value = if closed {
        Value::object(exported, origin)
    } else {
        Value::unknown(symbol, Type::Any, origin).not_null().with_fields(exported)
    };
    let body = Value::object(fields, origin);
    (ResourceInstance { address, key, body, origin }, value)
}
