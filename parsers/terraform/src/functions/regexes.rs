//! Regular expressions: `regex`, `regexall`, and `replace` with one; cty: stdlib/regexp.go.

use std::collections::BTreeSet;

use iac_gostd::regexp::{Piece, Regexp, Template};
use iac_hcl::{Error, Field, Fields, Kind, Result, Type, Value};
use iac_model::{Text, TextBuilder};

use super::Call;
use super::function::{Function, STRING, TEXT, Want};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("regex", &[STRING, TEXT], Want::Any, regex),
    Function::new("regexall", &[STRING, TEXT], Want::List, regexall),
];

/// What a match is: a string without groups, an object if they have names, a tuple if not.
enum Shape {
    Named,
    Numbered,
    Whole,
}

fn shape(call: &Call<'_>, pattern: &Regexp) -> Result<Shape> {
    let names = pattern.names();
    match names.iter().filter(|name| name.is_some()).count() {
        _ if names.is_empty() => Ok(Shape::Whole),
        0 => Ok(Shape::Numbered),
        named if named == names.len() => Ok(Shape::Named),
        _ => call.fail("a pattern cannot have both named and unnamed groups"),
    }
}

fn compile(call: &Call<'_>, pattern: &str) -> Result<std::rc::Rc<Regexp>> {
    Regexp::compile(pattern.as_bytes())
        .map_err(|error| call.error(format!("invalid regexp pattern: {error}")))
}

fn regex(call: &Call<'_>) -> Result<Value> {
    let pattern = compile(call, call.string(0))?;
    let shape = shape(call, &pattern)?;
    let text = call.text(1);
    let Some(known) = text.as_str() else { return Ok(call.unknown(kind(&pattern, &shape))) };
    call.will_write(known.len())?;
    match pattern.groups(known.as_bytes()) {
        Some(groups) => Ok(found(call, &pattern, &shape, &text, |group| groups[group].clone())),
        None => call.fail("the pattern does not match any part of the given string"),
    }
}

fn regexall(call: &Call<'_>) -> Result<Value> {
    let pattern = compile(call, call.string(0))?;
    let shape = shape(call, &pattern)?;
    let text = call.text(1);
    let kind = kind(&pattern, &shape);
    let Some(known) = text.as_str() else { return Ok(call.unknown(Type::list(kind))) };
    call.will_write(known.len())?;
    let mut results = Vec::new();
    pattern.each(known.as_bytes(), |groups| -> std::result::Result<(), Box<Error>> {
        call.will_make(1 + pattern.names().len())?;
        results.push(found(call, &pattern, &shape, &text, |group| groups.get(group)));
        call.evaluator.limits.hold(results.len() as u64, call.span)
    })?;
    Ok(call.make_list(kind, results))
}

fn kind(pattern: &Regexp, shape: &Shape) -> Type {
    let names = pattern.names();
    match shape {
        Shape::Whole => Type::String,
        Shape::Numbered => Type::tuple(names.iter().map(|_| Type::String)),
        // A name may stand twice.
        Shape::Named => {
            let names: BTreeSet<&str> = names.iter().flatten().map(|name| &**name).collect();
            Type::object(names.into_iter().map(|name| (name, Type::String)))
        }
    }
}

fn found(
    call: &Call<'_>,
    pattern: &Regexp,
    shape: &Shape,
    text: &Text,
    group: impl Fn(usize) -> Option<std::ops::Range<usize>>,
) -> Value {
    let group = |index: usize| match group(index) {
        Some(found) => call.make_text(text.slice(found)),
        None => Value::null(Type::String, call.origin()),
    };
    let names = pattern.names();
    match shape {
        Shape::Whole => group(0),
        Shape::Numbered => Value::tuple((1..=names.len()).map(group).collect(), call.origin()),
        Shape::Named => {
            let field = |(index, name): (usize, &Option<Box<str>>)| {
                let name = name.as_deref().unwrap_or_default();
                Field::new(name, call.origin(), group(index + 1))
            };
            let fields: Fields = names.iter().enumerate().map(field).collect();
            Value::new(Kind::Object(fields.into()), call.origin())
        }
    }
}

/// `replace` with a pattern in slashes.
pub(super) fn replace(call: &Call<'_>, pattern: &str) -> Result<Value> {
    let pattern = compile(call, pattern)?;
    let (text, with) = (call.text(0), call.text(2));
    let (Some(known), Some(template)) = (text.as_str(), with.as_str()) else {
        return Ok(call.unknown(Type::String));
    };
    let template = Template::parse(template.as_bytes(), &pattern);
    let mut builder = TextBuilder::with_capacity(known.len());
    let mut copied = 0;
    pattern.each(known.as_bytes(), |groups| -> std::result::Result<(), Box<Error>> {
        let whole = groups.get(0).unwrap_or(copied..copied);
        builder.push_slice(&text, copied..whole.start);
        copied = whole.end;
        for piece in template.expand(groups) {
            match piece {
                Piece::Replacement(range) => builder.push_slice(&with, range),
                Piece::Subject(range) => builder.push_slice(&text, range),
            }
        }
        call.will_write(builder.len())
    })?;
    builder.push_slice(&text, copied..text.len());
    Ok(call.make_text(builder.finish_or(|| call.origin())))
}
