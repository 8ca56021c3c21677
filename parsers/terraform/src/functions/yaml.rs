//! `yamlencode` and `yamldecode`, by the reader and printer of `iac_yaml`.

use iac_hcl::{Fields, Kind, Result, Type, Value};
use iac_model::{Input, Text};
use iac_yaml::{Node, NodeKind, Options, Schema, read, to_yaml_terraform};

use super::Call;
use super::function::{Function, Parameter, TEXT, Want};
use super::json_reader::from_document;

const VALUE: Parameter = Parameter::new(Want::Any).or_null().or_unknown();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("yamldecode", &[TEXT], Want::Any, yamldecode),
    Function::new("yamlencode", &[VALUE], Want::String, yamlencode),
];

pub(super) fn yamlencode(call: &Call<'_>) -> Result<Value> {
    let node = node(call, call.value(0), 0)?;
    let text = to_yaml_terraform(&node).map_err(|error| call.error(error))?;
    call.will_write(text.len())?;
    Ok(call.make_text(text))
}

/// Deeper values are refused.
const DEPTH: usize = 200;

fn node(call: &Call<'_>, value: &Value, depth: usize) -> Result<Node> {
    if depth > DEPTH {
        return call.fail("the value is nested too deeply");
    }
    let map = |fields: &Fields| -> Result<NodeKind> {
        let entry = |field: &iac_hcl::Field| Ok((field.text(), node(call, &field.value, depth + 1)?));
        let entries: Result<Vec<(Text, Node)>> = fields.iter().map(entry).collect();
        Ok(NodeKind::Map(entries?))
    };
    let kind = match &value.kind {
        Kind::Null(_) => NodeKind::Null,
        Kind::Bool(value) => NodeKind::Bool(*value),
        Kind::Number(number) => NodeKind::Decimal(number.to_string().into()),
        Kind::String(text) => NodeKind::String(text.clone()),
        Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => {
            let nodes: Result<Vec<Node>> =
                elements.iter().map(|element| node(call, element, depth + 1)).collect();
            NodeKind::List(nodes?)
        }
        Kind::Map(_, fields) | Kind::Object(fields) => map(fields)?,
        Kind::Unknown(unknown) => match &unknown.fields {
            Some(fields) if !fields.is_empty() && unknown.kind == Type::Any => map(fields)?,
            _ => NodeKind::String(Text::symbol(&call.store().symbols, unknown.symbol, value.origin)),
        },
    };
    Ok(Node::new(kind, value.origin))
}

fn yamldecode(call: &Call<'_>) -> Result<Value> {
    if call.value(0).as_unknown().is_some() {
        return Ok(call.unknown(Type::Any));
    }
    // go-yaml: no token starts with a tab, and nothing else can stand before the first one.
    let text = call.text(0).to_str_lossy().into_owned();
    let first = text.lines().find(|line| !line.is_empty()).unwrap_or_default();
    let behind = first.trim_start();
    if first.starts_with('\t') && !behind.is_empty() && !behind.starts_with('#') {
        return call.fail("the text is not YAML: found a tab where a token should start");
    }
    let input = Input::String { text: call.text(0), site: call.span };
    let stream = read(call.store(), &input, Options { schema: Schema::Cty, ..Options::default() });
    if let Some(problem) = stream.refusal() {
        return call.fail(format!("the text is not YAML: {}", problem.message));
    }
    match stream.documents.as_slice() {
        [document] => from_document(call, &document.root),
        [] => call.fail("missing start of document"),
        _ => call.fail("only a single document is allowed"),
    }
}
