//! What a value is after Helm has written it as JSON and read that as YAML.

use std::borrow::Cow;

use iac_model::{OriginId, Text, TextBuilder};

use super::{DEPTH, EmitError, Node, NodeKind};
use crate::Schema;
use crate::scalar::{self, Scalar, Style};

/// Characters that a key may have in JSON: a YAML reader looks no further for its colon.
const KEY: usize = 1024;

/// Go: encoding/json, Marshal; sigs.k8s.io/yaml: JSONToYAML.
pub(super) fn round_trip(node: &Node) -> Result<Cow<'_, Node>, EmitError> {
    Ok(match changed(node, 0)? {
        Some(node) => Cow::Owned(node),
        None => Cow::Borrowed(node),
    })
}

/// The node as it comes back, if it is not the same.
fn changed(node: &Node, depth: usize) -> Result<Option<Node>, EmitError> {
    if depth > DEPTH {
        return Err(EmitError::TooDeep);
    }
    let kind = match &node.kind {
        NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::Null => None,
        NodeKind::Decimal(digits) => Some(number(digits)),
        NodeKind::Float(float) if float.is_finite() => Some(number(&format_float(*float))),
        NodeKind::Float(float) => return Err(EmitError::NotFinite(float.to_string())),
        NodeKind::String(text) => string(text, node.origin)?.map(NodeKind::String),
        NodeKind::List(list) => {
            let mut copy: Option<Vec<Node>> = None;
            for (index, item) in list.iter().enumerate() {
                if let Some(item) = changed(item, depth + 1)? {
                    copy.get_or_insert_with(|| list.clone())[index] = item;
                }
            }
            copy.map(NodeKind::List)
        }
        NodeKind::Map(entries) => {
            let mut copy: Option<Vec<(Text, Node)>> = None;
            for (index, (key, value)) in entries.iter().enumerate() {
                if key_length(key.bytes()) > KEY {
                    return Err(EmitError::KeyTooLong);
                }
                if key.bytes().windows(2).any(|pair| pair == "\u{85}".as_bytes()) {
                    return Err(EmitError::LineBreakInKey);
                }
                if let Some(key) = string(key, key.origin())? {
                    copy.get_or_insert_with(|| entries.clone())[index].0 = key;
                }
                if let Some(value) = changed(value, depth + 1)? {
                    copy.get_or_insert_with(|| entries.clone())[index].1 = value;
                }
            }
            copy.map(NodeKind::Map)
        }
    };
    Ok(kind.map(|kind| Node { kind, origin: node.origin }))
}

fn number(digits: &str) -> NodeKind {
    match scalar::resolve(Schema::GoYaml, None, Style::Plain, digits) {
        Ok(Scalar::Int(int)) => NodeKind::Int(int),
        Ok(Scalar::Float(float)) => NodeKind::Float(float),
        _ => NodeKind::Decimal(digits.into()),
    }
}

/// Go: encoding/json/encode.go, floatEncoder.
fn format_float(float: f64) -> String {
    let magnitude = float.abs();
    if magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
        float.to_string()
    } else {
        format!("{float:e}")
    }
}

/// Characters of a key in JSON, with its quotes.
fn key_length(key: &[u8]) -> usize {
    let escaped = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    };
    let chunks = key.utf8_chunks();
    2 + chunks
        .map(|chunk| chunk.valid().chars().map(escaped).sum::<usize>() + 6 * chunk.invalid().len())
        .sum::<usize>()
}

/// The string as it comes back, if it is not the same: bytes that are not UTF-8 are replaced, and U+0085 is a line
/// break for YAML, so it is folded.
fn string(text: &Text, origin: OriginId) -> Result<Option<Text>, EmitError> {
    let bytes = text.bytes();
    let is_plain = |byte: &u8| matches!(byte, 0x20..=0x7e | b'\t' | b'\n' | b'\r');
    if bytes.iter().all(is_plain) {
        return Ok(None);
    }
    let mut builder = TextBuilder::with_capacity(bytes.len());
    let (mut at, mut copied) = (0, 0);
    let mut is_changed = false;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\u{85}' if at >= copied => {
                    let blanks = bytes[copied..at].iter().rev().take_while(|&&byte| byte == b' ').count();
                    builder.push_slice(text, copied..at - blanks);
                    let (breaks, next) = next_lines(bytes, at);
                    let folded = if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) };
                    builder.push(folded, text.run_at(at).origin);
                    (copied, is_changed) = (next, true);
                }
                '\u{7f}'..'\u{a0}' if c != '\u{85}' => return Err(EmitError::ControlCharacter),
                '\u{fffe}' | '\u{ffff}' => return Err(EmitError::ControlCharacter),
                _ => {}
            }
            at += c.len_utf8();
        }
        for _ in chunk.invalid() {
            builder.push_slice(text, copied..at);
            builder.push("\u{fffd}", text.run_at(at).origin);
            at += 1;
            (copied, is_changed) = (at, true);
        }
    }
    if !is_changed {
        return Ok(None);
    }
    builder.push_slice(text, copied..bytes.len());
    Ok(Some(builder.finish_or(|| origin)))
}

/// Counts the U+0085 at `at` and behind, blanks between them aside, and returns where what follows starts.
fn next_lines(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let mut breaks = 0;
    loop {
        if bytes[at..].starts_with(b"\xc2\x85") {
            breaks += 1;
            at += 2;
        } else if bytes.get(at) == Some(&b' ') {
            at += 1;
        } else {
            return (breaks, at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_printed_as_json_prints_them() {
        for (float, expected) in [
            (1e6, "1000000"),
            (1e20, "100000000000000000000"),
            (1e21, "1e21"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (-0.0, "-0"),
            (1234567.5, "1234567.5"),
        ] {
            assert_eq!(format_float(float), expected);
        }
    }
}
