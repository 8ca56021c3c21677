//! `terraform_remote_state`: outputs of another root of the scan, if that one keeps its state where the data source
//! looks for it.

use iac_hcl::ast::{Block, Body};
use iac_hcl::{Fields, Type, Value, convert};
use iac_model::{Reason, join_path};

use super::{DataSource, written};
use crate::inputs::Inputs;
use crate::run;

/// An argument and what it is if it is not written.
type Part = (&'static str, Option<&'static str>);

/// What names a state in a backend: arguments with what they are if they are not written. One without default must
/// be written.
const IDENTITIES: &[(&str, &[Part])] = &[
    ("azurerm", &[("container_name", None), ("key", None), ("storage_account_name", None)]),
    ("gcs", &[("bucket", None), ("prefix", Some(""))]),
    ("local", &[("path", Some("terraform.tfstate"))]),
    ("remote", &[("organization", None), ("workspaces.name", None)]),
    ("s3", &[("bucket", None), ("key", None)]),
];

/// The outputs of the root whose state is meant; nothing if there is not just one.
pub(super) fn outputs(source: &DataSource<'_>, address: &str) -> Fields {
    let run = source.scope.run;
    let Some(state) = state(source) else { return Fields::new() };
    let workspace = source.text("workspace").unwrap_or("default");
    let is_meant = |(directory, inputs): &&(String, Inputs)| {
        inputs.workspace == workspace && backend(run, directory).as_ref() == Some(&state)
    };
    let mut meant = run.project.shared().iter().filter(is_meant);
    let (Some((directory, inputs)), None) = (meant.next(), meant.next()) else { return Fields::new() };
    let Some(outputs) = run::outputs(run, directory, inputs) else { return Fields::new() };
    let defaults = source.argument("defaults").and_then(written).into_iter().flatten().cloned();
    let all: Fields = defaults.chain(outputs).collect();
    let name = format!("{address}.outputs");
    let symbol = run.symbol(&name, Some(address), Some("outputs"), Reason::Data, &Type::Any);
    let mut fields = Fields::new();
    let value = Value::unknown(symbol, Type::Any, source.origin).not_null().with_fields(all);
    fields.insert("outputs", source.origin, value);
    fields
}

/// Where a state is: the kind of backend and the texts that name it there.
type State = (String, Vec<String>);

/// The state that a data source reads.
fn state(source: &DataSource<'_>) -> Option<State> {
    let kind = source.text("backend")?;
    let config = source.argument("config").and_then(written);
    let text = |name: &str| match name.split_once('.') {
        None => config?.get(name).cloned(),
        Some((outer, inner)) => {
            let outer = config?.get(outer)?;
            let one = outer.as_elements().and_then(|blocks| blocks.first());
            written(one.unwrap_or(outer))?.get(inner).cloned()
        }
    };
    let store = source.scope.run.store;
    let text = |name: &str| Some(convert(store, &text(name)?, &Type::String).ok()?.as_str()?.to_owned());
    identity(kind, text, source.scope.run.root)
}

/// The state that a root module keeps.
fn backend(run: &run::Run<'_>, directory: &str) -> Option<State> {
    let module = run.project.module(directory);
    let Some(block) = &module.declarations.backend else {
        return identity("local", |_| None, directory);
    };
    let literal = |body: &Body, name: &str| {
        let value = run::literal_in(run, &body.attribute(name)?.value)?;
        Some(convert(run.store, &value, &Type::String).ok()?.as_str()?.to_owned())
    };
    let text = |name: &str| match name.split_once('.') {
        None => literal(&block.body, name),
        Some((outer, inner)) => literal(&block.body.blocks(outer).next()?.body, inner),
    };
    identity(kind(block), text, directory)
}

/// The kind of a backend; HCP Terraform has a block of its own.
fn kind(block: &Block) -> &str {
    match &*block.kind {
        "cloud" => "remote",
        _ => block.label(0).map_or("", |label| label),
    }
}

fn identity(kind: &str, text: impl Fn(&str) -> Option<String>, directory: &str) -> Option<State> {
    let (_, arguments) = IDENTITIES.iter().find(|(known, _)| *known == kind)?;
    let one = |(name, default): &Part| {
        let given = text(name).or_else(|| default.map(str::to_owned))?;
        // A path is relative to where Terraform runs.
        Some(if kind == "local" { join_path(directory, &given) } else { given })
    };
    Some((kind.to_owned(), arguments.iter().map(one).collect::<Option<_>>()?))
}
