//! Functions of providers: those of Terraform's own, of `aws` and of `kubernetes`. Others give unknowns.

use iac_hcl::{Arguments, Evaluator, Field, Fields, Kind, Result, Type, Value, parse_file};
use iac_model::{FileKind, Input, ProblemSeverity, Residence, Text, TextBuilder};
use iac_yaml::{Options, Schema, read};

use super::function::{ANY, Function, Parameter, STRING, TEXT, Want};
use super::json_reader::from_document;
use super::templates::is_name;
use super::{Call, Site, hcl_text, texts, yaml};
use crate::literal::LiteralScope;

const VALUE: Parameter = ANY.or_null().or_unknown();

/// By provider and name. A provider's local name is nearly always its own.
const FUNCTIONS: &[(&str, Function)] = &[
    ("aws", Function::new("arn_build", &[TEXT, TEXT, TEXT, TEXT, TEXT], Want::String, arn_build)),
    ("aws", Function::new("arn_parse", &[TEXT], Want::Any, arn_parse)),
    ("aws", Function::new("trim_iam_role_path", &[STRING], Want::String, trim_iam_role_path)),
    ("kubernetes", Function::new("manifest_decode", &[TEXT], Want::Any, |call| manifests(call, Count::One))),
    (
        "kubernetes",
        Function::new("manifest_decode_multi", &[TEXT], Want::Any, |call| manifests(call, Count::Many)),
    ),
    ("kubernetes", Function::new("manifest_encode", &[VALUE], Want::String, yaml::yamlencode)),
    ("terraform", Function::new("decode_tfvars", &[STRING], Want::Any, decode_tfvars)),
    ("terraform", Function::new("encode_expr", &[VALUE], Want::String, encode_expr)),
    ("terraform", Function::new("encode_tfvars", &[ANY], Want::String, encode_tfvars)),
];

/// Calls `provider::<provider>::<name>`.
pub(super) fn call(site: &Site<'_>, function: &str) -> Result<Value> {
    let (provider, name) = function.split_once("::").unwrap_or((function, ""));
    let found = FUNCTIONS.iter().find(|(of, function)| *of == provider && function.name == name);
    if let Some((_, function)) = found {
        return site.apply(function);
    }
    if provider == "terraform" {
        return site.fail("there is no such function");
    }
    Ok(match site.evaluator.arguments(site.call, site.names)? {
        Arguments::Known(values) => site.with(values).unknown(Type::Any),
        Arguments::Unknown(value) => site.unknown(&value, Type::Any),
    })
}

fn encode_expr(call: &Call<'_>) -> Result<Value> {
    let value = call.value(0);
    if !value.is_wholly_known() || value.is_untyped_null() {
        return Ok(call.unknown(Type::String));
    }
    Ok(call.make_string(hcl_text::expression(value)))
}

fn encode_tfvars(call: &Call<'_>) -> Result<Value> {
    let value = call.value(0);
    let Some(fields) = value.as_fields() else { return call.fail("an object is required") };
    if !value.is_wholly_known() {
        return Ok(call.unknown(Type::String));
    }
    if let Some(field) = fields.iter().find(|field| !is_name(&field.key)) {
        return call.fail(format!("invalid variable name {:?}", field.key));
    }
    Ok(call.make_string(hcl_text::assignments(fields)))
}

fn decode_tfvars(call: &Call<'_>) -> Result<Value> {
    let text = call.string(0);
    let store = call.store();
    let file = store.sources.add(
        "argument of decode_tfvars",
        FileKind::Variables,
        Residence::Memory,
        text.as_bytes(),
    );
    let (document, problems) = parse_file(store, file);
    if let Some(problem) = problems.iter().find(|problem| problem.severity > ProblemSeverity::Note) {
        return call.fail(format!("invalid tfvars syntax: {}", problem.message));
    }
    if !document.body.blocks.is_empty() {
        return call.fail("invalid tfvars content: there are blocks");
    }
    let evaluator = Evaluator { store, scope: &LiteralScope, limits: call.evaluator.limits };
    let mut fields = Fields::new();
    for attribute in &document.body.attributes {
        let value = evaluator.value(&attribute.value)?;
        fields.insert(&*attribute.name, call.origin(), value);
    }
    Ok(Value::object(fields, call.origin()))
}

const ARN: [&str; 5] = ["partition", "service", "region", "account_id", "resource"];

/// Parts of an ARN that are known to end, in the order of [`ARN`]; the last takes the rest.
fn arn_parse(call: &Call<'_>) -> Result<Value> {
    let text = call.text(0);
    let mut parts: Vec<Text> = Vec::new();
    let (mut start, mut colons) = (0, 0);
    for segment in texts::segments(&text) {
        if segment.symbol.is_some() {
            continue;
        }
        for at in segment.range {
            if text.bytes()[at] == b':' && colons < 5 {
                parts.push(text.slice(start..at));
                (start, colons) = (at + 1, colons + 1);
            }
        }
    }
    let first = parts.first().and_then(Text::as_str);
    if colons == 5 && first == Some("arn") {
        parts.push(text.slice(start..text.len()));
    } else if text.is_known() {
        return call.fail("the argument is no ARN");
    } else {
        let unknown = call.unknown(Type::object(ARN.map(|name| (name, Type::String))));
        return Ok(unknown);
    }
    let field = |(name, part): (&&str, Text)| Field::new(*name, call.origin(), call.make_text(part));
    let fields: Fields = ARN.iter().zip(parts.into_iter().skip(1)).map(field).collect();
    Ok(Value::object(fields, call.origin()))
}

fn arn_build(call: &Call<'_>) -> Result<Value> {
    let mut builder = TextBuilder::new();
    builder.push("arn", call.origin());
    for index in 0..call.arguments.len() {
        builder.push(":", call.origin());
        builder.push_text(&call.text(index));
    }
    Ok(call.make_text(builder.finish_or(|| call.origin())))
}

fn trim_iam_role_path(call: &Call<'_>) -> Result<Value> {
    let text = call.string(0);
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let role = parts.get(5).and_then(|resource| resource.strip_prefix("role/"));
    match (parts.as_slice(), role) {
        (["arn", _, "iam", ..], Some(role)) => {
            let name = role.rsplit('/').next().unwrap_or(role);
            Ok(call.make_string(format!("{}:role/{name}", parts[..5].join(":"))))
        }
        _ => call.fail("the argument is no ARN of an IAM role"),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Count {
    Many,
    One,
}

fn manifests(call: &Call<'_>, count: Count) -> Result<Value> {
    if matches!(call.value(0).kind, Kind::Unknown(_)) {
        return Ok(call.unknown(Type::Any));
    }
    let input = Input::String { text: call.text(0), site: call.span };
    let stream = read(call.store(), &input, Options { schema: Schema::GoYaml, ..Options::default() });
    if let Some(problem) = stream.refusal() {
        return call.fail(format!("the text is not YAML: {}", problem.message));
    }
    let documents = stream.documents.iter().filter(|document| !document.root.is_null());
    let values: Result<Vec<Value>> = documents.map(|document| from_document(call, &document.root)).collect();
    let values = values?;
    match (count, values.as_slice()) {
        (Count::Many, _) => Ok(Value::tuple(values, call.origin())),
        (Count::One, [value]) => Ok(value.clone()),
        (Count::One, _) => call.fail("there must be one manifest; use manifest_decode_multi for more"),
    }
}
