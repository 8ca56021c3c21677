//! Regular expressions: `regex`, `regexall`, and `replace` with one; cty: stdlib/regexp.go.

use std::collections::BTreeSet;

use iac_hcl::{Error, Field, Fields, Kind, Result, Type, Value};
use iac_model::{Text, TextBuilder};
use regex::Captures;

use super::Call;
use super::function::{Function, STRING, TEXT, Want};
use super::regexp::{Pattern, Piece, replacement};

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

fn shape(call: &Call<'_>, pattern: &Pattern) -> Result<Shape> {
    let names = pattern.names();
    match names.iter().filter(|name| name.is_some()).count() {
        _ if names.is_empty() => Ok(Shape::Whole),
        0 => Ok(Shape::Numbered),
        named if named == names.len() => Ok(Shape::Named),
        _ => call.fail("a pattern cannot have both named and unnamed groups"),
    }
}

fn compile(call: &Call<'_>, pattern: &str) -> Result<std::rc::Rc<Pattern>> {
    Pattern::compile(pattern).map_err(|error| call.error(format!("invalid regexp pattern: {error}")))
}

fn regex(call: &Call<'_>) -> Result<Value> {
    let pattern = compile(call, call.string(0))?;
    let shape = shape(call, &pattern)?;
    let text = call.text(1);
    let Some(known) = text.as_str() else { return Ok(call.unknown(kind(&pattern, &shape))) };
    call.will_write(known.len())?;
    match pattern.first(known) {
        Some(captures) => Ok(found(call, &pattern, &shape, &text, &captures)),
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
    pattern.each(known, |captures| -> std::result::Result<(), Box<Error>> {
        call.will_make(1 + pattern.names().len())?;
        results.push(found(call, &pattern, &shape, &text, captures));
        Ok(())
    })?;
    Ok(call.make_list(kind, results))
}

fn kind(pattern: &Pattern, shape: &Shape) -> Type {
    let names = pattern.names();
    match shape {
        Shape::Whole => Type::String,
        Shape::Numbered => Type::tuple(names.iter().map(|_| Type::String)),
        // A name may stand twice.
        Shape::Named => {
            let names: BTreeSet<&str> = names.iter().flatten().map(String::as_str).collect();
            Type::object(names.into_iter().map(|name| (name, Type::String)))
        }
    }
}

fn found(call: &Call<'_>, pattern: &Pattern, shape: &Shape, text: &Text, captures: &Captures<'_>) -> Value {
    let group = |index: usize| match captures.get(index) {
        Some(found) => call.make_text(text.slice(found.range())),
        None => Value::null(Type::String, call.origin()),
    };
    let names = pattern.names();
    match shape {
        Shape::Whole => group(0),
        Shape::Numbered => Value::tuple((1..=names.len()).map(group).collect(), call.origin()),
        Shape::Named => {
            let field = |(index, name): (usize, &Option<String>)| {
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
    let pieces = replacement(&pattern, template);
    let mut builder = TextBuilder::with_capacity(known.len());
    let mut copied = 0;
    pattern.each(known, |captures| -> std::result::Result<(), Box<Error>> {
        let whole = captures.get(0).map_or(copied..copied, |found| found.range());
        builder.push_slice(&text, copied..whole.start);
        copied = whole.end;
        for piece in &pieces {
            match piece {
                Piece::Literal(range) => builder.push_slice(&with, range.clone()),
                Piece::Group(group) => {
                    if let Some(found) = captures.get(*group) {
                        builder.push_slice(&text, found.range());
                    }
                }
            }
        }
        call.will_write(builder.len())
    })?;
    builder.push_slice(&text, copied..text.len());
    Ok(call.make_text(builder.finish_or(|| call.origin())))
}
