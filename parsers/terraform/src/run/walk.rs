//! Everything that is declared, asked for once.

use std::rc::Rc;

use iac_hcl::Fields;
use iac_hcl::{Names, Type, Value};
use iac_model::{Mode, Reason, Resource, ResourceKind, TerraformId};

use super::address::Each;
use super::body::Place;
use super::provider_configuration::provider_text;
use super::{Instance, InstanceScope, Run, call, variables};
use crate::evaluated::{Call, Evaluated, Output};

/// Evaluates all that the root module and the modules it calls declare.
pub(super) fn walk(run: &Run<'_>) -> Evaluated {
    let mut out = Evaluated::default();
    let root = run.root_instance();
    for problem in &root.module.problems {
        run.report(problem.clone());
    }
    instance(run, &root, &mut out);
    for (name, output) in &root.module.declarations.outputs {
        let Some(value) = root.output(run, name, output.block.header) else { continue };
        out.outputs.push(Output {
            name: name.to_string(),
            value: run.result(&value, &format!("output.{name}"), output.block.header),
            origin: output.block.header_origin(run.store),
        });
    }
    out.resources.sort_by(|a, b| a.address.cmp(&b.address));
    out
}

fn instance(run: &Run<'_>, instance: &Rc<Instance>, out: &mut Evaluated) {
    let declared = &instance.module.declarations;
    for (name, variable) in &declared.variables {
        instance.variable(run, name, variable.block.header);
        variables::validate(run, instance, name, variable);
    }
    for (name, local) in &declared.locals {
        instance.local(run, name, local.value.span);
    }
    for (configured @ (name, alias), block) in &declared.providers {
        let address = instance.address(&provider_text(configured));
        let symbol = run.symbol(&address, Some(&address), None, Reason::Computed, &Type::Any);
        let scope = InstanceScope { owner: address.clone(), ..InstanceScope::new(run, instance) };
        let origin = block.header_origin(run.store);
        let fields = scope.body(&block.body, &Names::EMPTY, Place { symbol, meta: &["alias", "version"] });
        let body = run.result(&Value::object(fields, origin), &address, block.header);
        let id = TerraformId {
            mode: Mode::Provider,
            resource_type: name.to_string(),
            name: alias.to_string(),
            module: instance.path.clone(),
            key: String::new(),
            root: run.root.to_owned(),
            provider: String::new(),
        };
        out.resources.push(resource(run, address, id, body, origin));
    }
    for (declaration, declared) in &declared.resources {
        let Ok(expanded) = instance.resource(run, declaration, declared.block.header) else { continue };
        if declaration.ephemeral {
            continue;
        }
        let provider = instance.provider_address(&declared.block, &declaration.resource_type);
        for made in &expanded.instances {
            let id = TerraformId {
                mode: declaration.mode(),
                resource_type: declaration.resource_type.to_string(),
                name: declaration.name.to_string(),
                module: instance.path.clone(),
                key: made.key.clone(),
                root: run.root.to_owned(),
                provider: provider.clone(),
            };
            let body = run.result(&made.body, &made.address, declared.block.header);
            out.resources.push(resource(run, made.address.clone(), id, body, made.origin));
        }
    }
    for (name, declared) in &declared.calls {
        let Ok(expanded) = instance.call(run, name, declared.block.header) else { continue };
        let Some((source, _)) = declared.source() else { continue };
        for (index, each) in expanded.expansion.each().iter().enumerate() {
            let address = format!("{}{}", instance.address(&format!("module.{name}")), each.key.suffix());
            let arguments = arguments(run, instance, each, &declared.block, &address);
            let scope = InstanceScope::new(run, instance);
            let version = declared.block.body.attribute("version");
            let version = version.and_then(|version| scope.evaluator().value(&version.value).ok());
            out.calls.push(Call {
                address,
                source: source.to_owned(),
                version: version.and_then(|version| version.as_str().map(str::to_owned)),
                directory: expanded.directory.clone(),
                arguments: run.result(&arguments, "arguments", declared.block.header),
                origin: expanded.origin,
            });
            if let Some(inner) = expanded.instances.get(index) {
                self::instance(run, inner, out);
            }
        }
    }
    for (name, output) in &declared.outputs {
        instance.output(run, name, output.block.header);
    }
}

/// The arguments of a module call as evaluated.
fn arguments(
    run: &Run<'_>,
    instance: &Rc<Instance>,
    each: &Each,
    block: &iac_hcl::ast::Block,
    address: &str,
) -> Value {
    let scope = InstanceScope { each, owner: address.to_owned(), ..InstanceScope::new(run, instance) };
    let symbol = run.symbol(address, None, None, Reason::Module, &Type::Any);
    let fields: Fields = scope.body(&block.body, &Names::EMPTY, Place { symbol, meta: &call::META });
    Value::object(fields, block.header_origin(run.store))
}

fn resource(
    run: &Run<'_>,
    address: String,
    id: TerraformId,
    body: iac_model::Value,
    origin: iac_model::OriginId,
) -> Resource {
    Resource {
        address,
        kind: ResourceKind::Terraform(id),
        body,
        origin,
        unit: run.inputs.unit,
        value_set: None,
    }
}
