//! Text to syntax tree.

mod json;
mod lower;
mod scan;
mod template;
#[cfg(test)]
mod tests;

use std::ops::Range;

use hcl::edit::parser;
use iac_model::{FileId, Input, Problem, ProblemSeverity, Span, Store};

use crate::ast::{Body, Document, Expr, Part};
use lower::Lower;

pub use json::{Schema, Slot, from_json, parse_json};

/// How often one item is tried again with another key renamed.
const RETRIES: usize = 64;

/// Parses a file of native syntax. An item that cannot be parsed costs only itself.
pub fn parse_file(store: &Store, file: FileId) -> (Document, Vec<Problem>) {
    let mut problems = Vec::new();
    let input = Input::File(file);
    let bytes = input.bytes(store);
    let whole = Span::new(file, 0, bytes.len());
    let mut document = Document { file, body: Body::empty(whole), comments: Vec::new() };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.valid_up_to();
            let problem = Problem::new("encoding", ProblemSeverity::Lost, "the file is not UTF-8");
            problems.push(problem.at(Span::new(file, at, at + 1)));
            return (document, problems);
        }
    };
    let base = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let text = &text[base..];
    let found = scan::scan(text);
    let span = |range: &Range<usize>| Span::new(file, base + range.start, base + range.end);
    document.comments = found.comments.iter().map(span).collect();
    if let Ok(body) = parser::parse_body(text) {
        document.body = Lower::new(store, &input, text, base, &mut problems).body(&body, whole);
        return (document, problems);
    }
    for item in &found.items {
        let source = &text[item.clone()];
        let skipped = found.skipped.iter().filter(|range| item.start <= range.start && range.end <= item.end);
        let skipped = skipped.map(|range| range.start - item.start..range.end - item.start);
        match parse_item(source, skipped) {
            Ok(body) => {
                let base = base + item.start;
                let mut part = Lower::new(store, &input, source, base, &mut problems).body(&body, whole);
                document.body.attributes.append(&mut part.attributes);
                document.body.blocks.append(&mut part.blocks);
            }
            Err(error) => {
                let at = base + item.start + offset(source, &error);
                let end = at + usize::from(at < bytes.len());
                let message = format!("this block is skipped: {}", error.message());
                let problem = Problem::new("hcl-syntax", ProblemSeverity::Partial, message);
                problems.push(problem.at(Span::new(file, at, end)));
            }
        }
    }
    (document, problems)
}

/// Parses one expression that is the whole input.
///
/// # Errors
/// When it is not one.
pub fn parse_expression(store: &Store, input: &Input) -> Result<Expr, Box<Problem>> {
    let text = input_text(store, input)?;
    let expression = parser::parse_expr(text.trim()).map_err(|error| syntax(store, input, text, &error))?;
    let base = text.len() - text.trim_start().len();
    let mut problems = Vec::new();
    let lowered = Lower::new(store, input, text.trim(), base, &mut problems).expression(&expression);
    problems.into_iter().next().map_or(Ok(lowered), |problem| Err(Box::new(problem)))
}

/// Parses one template that is the whole input: what `templatefile` reads.
///
/// # Errors
/// When it is not one.
pub fn parse_template(store: &Store, input: &Input) -> Result<Template, Box<Problem>> {
    let text = input_text(store, input)?;
    let parsed = parser::parse_template(text).map_err(|error| syntax(store, input, text, &error))?;
    let mut problems = Vec::new();
    let template = Lower::new(store, input, text, 0, &mut problems).bare_template(&parsed);
    problems.into_iter().next().map_or(Ok(template), |problem| Err(Box::new(problem)))
}

/// A template that stands alone.
#[derive(Clone, Debug)]
pub enum Template {
    /// One interpolation and nothing else: its value keeps its type.
    Expression(Box<Expr>),
    /// Anything else: a string.
    Parts(Vec<Part>),
}

fn input_text<'a>(store: &'a Store, input: &'a Input) -> Result<&'a str, Box<Problem>> {
    std::str::from_utf8(input.bytes(store)).map_err(|error| {
        let at = error.valid_up_to();
        let problem = Problem::new("encoding", ProblemSeverity::Partial, "the text is not UTF-8");
        Box::new(problem.at(input.span(store, at..at + 1)))
    })
}

fn syntax(store: &Store, input: &Input, text: &str, error: &parser::Error) -> Box<Problem> {
    let at = offset(text, error);
    let problem = Problem::new("hcl-syntax", ProblemSeverity::Partial, error.message());
    Box::new(problem.at(input.span(store, at..(at + 1).min(text.len()))))
}

/// Parses one top-level item.
///
/// The parser refuses three things that Terraform takes or reports without giving up: newlines in `{ for ... }`,
/// a key that stands twice in an object, and an attribute that stands twice in a body. The item is tried again
/// with blanks instead of newlines and other bytes instead of the key; spans stay true, and names are always read
/// from the original text.
fn parse_item(
    source: &str,
    skipped: impl Iterator<Item = Range<usize>>,
) -> Result<hcl::edit::structure::Body, parser::Error> {
    let mut text = source.as_bytes().to_vec();
    for range in skipped {
        text[range].fill(b' ');
    }
    for attempt in 0..RETRIES {
        // Only ASCII bytes or whole comments were replaced, so it is still UTF-8.
        let patched = String::from_utf8_lossy(&text).into_owned();
        let error = match parser::parse_body(&patched) {
            Ok(body) => return Ok(body),
            Err(error) => error,
        };
        let message = error.message();
        if !message.contains("redefined attribute") && !message.contains("redefined object key") {
            return Err(error);
        }
        let at = offset(&patched, &error);
        let Some(key) = key_range(&text, at) else { return Err(error) };
        rename(&mut text[key], attempt);
    }
    parser::parse_body(&String::from_utf8_lossy(&text))
}

/// The bytes of a name or of a plain string's content at an offset.
fn key_range(text: &[u8], at: usize) -> Option<Range<usize>> {
    let start = at + usize::from(text.get(at) == Some(&b'"'));
    let length = text[start..]
        .iter()
        .take_while(|&&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        .count();
    (length > 0).then_some(start..start + length)
}

/// Writes another name of the same length; after some attempts each was another.
fn rename(key: &mut [u8], attempt: usize) {
    let letters = b"zyxwvutsrqponmlkjihgfedcba";
    let mut rest = attempt + 1;
    for byte in key.iter_mut().rev() {
        *byte = letters[rest % letters.len()];
        rest /= letters.len();
    }
}

/// Byte offset of a parser error.
fn offset(text: &str, error: &parser::Error) -> usize {
    error.location().offset().min(text.len())
}
