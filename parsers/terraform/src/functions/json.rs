//! `jsonencode` and `jsondecode`; cty: json/marshal.go, Go: encoding/json.

use std::fmt::Write as _;

use iac_hcl::{Error, Fields, Kind, Number, Result, Type, Value};
use iac_model::{Input, OriginId, Text, TextBuilder};

use super::Call;
use super::function::{Function, Parameter, TEXT, Want};
use super::json_reader;

const VALUE: Parameter = Parameter::new(Want::Any).or_null().or_unknown();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("jsondecode", &[TEXT], Want::Any, jsondecode),
    Function::new("jsonencode", &[VALUE], Want::String, jsonencode),
];

/// Deeper values are refused, so that no reader of the text runs out of stack.
const DEPTH: usize = 200;

fn jsonencode(call: &Call<'_>) -> Result<Value> {
    let text = encode(call, call.value(0))?;
    Ok(call.make_text(text))
}

fn jsondecode(call: &Call<'_>) -> Result<Value> {
    let value = call.value(0);
    if value.as_unknown().is_some() {
        return Ok(call.unknown(Type::Any));
    }
    let input = Input::String { text: call.text(0), site: call.span };
    json_reader::read(call, &input)
}

/// A value as JSON. Strings keep their runs; an unknown is its symbol, in quotes if it is surely a string.
pub(super) fn encode(call: &Call<'_>, value: &Value) -> Result<Text> {
    let mut encoder = Encoder { call, builder: TextBuilder::new() };
    encoder.value(value, 0)?;
    Ok(encoder.builder.finish_or(|| value.origin))
}

struct Encoder<'a> {
    call: &'a Call<'a>,
    builder: TextBuilder,
}

impl Encoder<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<()> {
        if depth > DEPTH {
            let message =
                format!("\"{}\" was given a value that nests deeper than {DEPTH} levels", self.call.name);
            return Err(Error::limit(message, self.call.span));
        }
        self.call.will_write(self.builder.len())?;
        let origin = value.origin;
        match &value.kind {
            Kind::Null(_) => self.builder.push("null", origin),
            Kind::Bool(value) => self.builder.push(if *value { "true" } else { "false" }, origin),
            Kind::Number(number) => self.number(number, origin)?,
            Kind::String(text) => quote(text, origin, &mut self.builder),
            Kind::Unknown(unknown) => match &unknown.fields {
                Some(fields) if !fields.is_empty() && unknown.kind == Type::Any => {
                    self.fields(fields, origin, depth)?
                }
                _ => {
                    let text = Text::symbol(&self.call.store().symbols, unknown.symbol, origin);
                    match unknown.kind == Type::String && unknown.not_null {
                        true => quote(&text, origin, &mut self.builder),
                        false => self.builder.push_text(&text),
                    }
                }
            },
            Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => {
                self.builder.push("[", origin);
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        self.builder.push(",", origin);
                    }
                    self.value(element, depth + 1)?;
                }
                self.builder.push("]", origin);
            }
            Kind::Map(_, fields) | Kind::Object(fields) => self.fields(fields, origin, depth)?,
        }
        Ok(())
    }

    fn number(&mut self, number: &Number, origin: OriginId) -> Result<()> {
        if number.is_infinite() {
            return self.call.fail("cannot serialize infinity as JSON");
        }
        self.builder.push(number.to_string(), origin);
        Ok(())
    }

    fn fields(&mut self, fields: &Fields, origin: OriginId, depth: usize) -> Result<()> {
        self.builder.push("{", origin);
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                self.builder.push(",", origin);
            }
            quote(&field.text(), field.origin, &mut self.builder);
            self.builder.push(":", origin);
            self.value(&field.value, depth + 1)?;
        }
        self.builder.push("}", origin);
        Ok(())
    }
}

/// A string in quotes as Go writes it: `<`, `>`, `&` and line separators are escaped too.
pub(crate) fn quote(text: &Text, origin: OriginId, out: &mut TextBuilder) {
    out.push("\"", origin);
    for (range, run) in text.runs() {
        if run.symbol.is_some() {
            out.push_slice(text, range);
            continue;
        }
        let known = String::from_utf8_lossy(&text.bytes()[range.clone()]);
        let mut copied = 0;
        for (at, c) in known.char_indices() {
            let Some(escape) = escaped(c) else { continue };
            out.push_slice(text, range.start + copied..range.start + at);
            out.push(escape, run.origin);
            copied = at + c.len_utf8();
        }
        out.push_slice(text, range.start + copied..range.end);
    }
    out.push("\"", origin);
}

fn escaped(c: char) -> Option<String> {
    let mut out = String::new();
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        }
        c if c < ' ' => {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        }
        _ => return None,
    }
    Some(out)
}
