//! Resources and data sources.

use std::rc::Rc;
use std::sync::Arc;

use iac_hcl::ast::Body;
use iac_hcl::{Field, Fields, Kind, Names, Type, Value};
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

/// What is read from a resource: an argument that is null is one that is left out, so the provider may compute it, in
/// nested blocks too.
fn exported(fields: &Fields, body: &Body) -> Fields {
    let known = fields.iter().filter(|field| !field.value.is_null());
    known
        .map(|field| match body.attribute(&field.key) {
            Some(_) => field.clone(),
            None => Field { value: exported_block(&field.value), ..field.clone() },
        })
        .collect()
}

/// The list of one kind of block, or one of them.
fn exported_block(value: &Value) -> Value {
    match &value.kind {
        Kind::Tuple(blocks) => {
            let blocks = blocks.iter().map(exported_block).collect();
            Value { kind: Kind::Tuple(Arc::new(blocks)), ..value.clone() }
        }
        Kind::Unknown(unknown) => match &unknown.fields {
            Some(fields) => {
                let known = fields.iter().filter(|field| !field.value.is_null());
                let inner = known.map(|field| Field { value: exported_block(&field.value), ..field.clone() });
                value.clone().with_fields(inner.collect())
            }
            None => value.clone(),
        },
        _ => value.clone(),
    }
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
    let mut exported = exported(&fields, &block.body);
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
