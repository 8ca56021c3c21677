//! Base64, character encodings and URLs: `base64decode`, `base64encode`, `base64gzip`, `textencodebase64`,
//! `urlencode` and their like.

use std::fmt::Write as _;
use std::io::Read as _;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use iac_gostd::flate;
use iac_hcl::{Error, Result, Type, Value};
use iac_model::{SymbolId, Text, TextBuilder};

use super::Call;
use super::charsets;
use super::function::{Function, STRING, TEXT, Want};
use super::texts::prefix;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64decode", &[TEXT], Want::String, base64decode),
    Function::new("base64encode", &[TEXT], Want::String, base64encode),
    Function::new("base64gunzip", &[STRING], Want::String, base64gunzip),
    Function::new("base64gzip", &[TEXT], Want::String, base64gzip),
    Function::new("textdecodebase64", &[STRING, STRING], Want::String, charsets::decode),
    Function::new("textencodebase64", &[STRING, STRING], Want::String, charsets::encode),
    Function::new("urldecode", &[STRING], Want::String, urldecode),
    Function::new("urlencode", &[TEXT], Want::String, urlencode),
];

/// The largest text that `base64gunzip` makes.
const GUNZIPPED: u64 = 8 << 20;

/// The largest text that `base64gzip` compresses.
const GZIPPED: usize = 1 << 20;

/// Go's StdEncoding: padding is needed, the last bits may be anything.
pub(super) const STANDARD: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// Decodes as Go does, which skips line ends.
pub(super) fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    STANDARD.decode(text).ok()
}

/// What stands before a symbol is encoded as it is; the rest are the bytes of the placeholders in place of what they
/// stand for, so that whoever decodes the text finds them again.
fn base64encode(call: &Call<'_>) -> Result<Value> {
    let text = call.text(0);
    call.will_write(text.len() / 3 * 4)?;
    let encoded = STANDARD.encode(text.bytes());
    if text.is_known() {
        return Ok(call.make_string(encoded));
    }
    let mut builder = TextBuilder::with_capacity(encoded.len());
    let known = prefix(&text).len() / 3 * 4;
    builder.push(&encoded[..known], call.origin());
    let mut starts: Vec<(usize, SymbolId)> = Vec::new();
    for (range, run) in text.runs() {
        if let Some(symbol) = run.symbol {
            let start = if starts.is_empty() { known } else { range.start / 3 * 4 };
            starts.push((start, symbol));
        }
    }
    for (index, &(start, symbol)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(encoded.len(), |&(next, _)| next);
        builder.push_standing_for(&encoded[start..end.max(start)], symbol, call.origin());
    }
    Ok(call.make_text(builder.finish_or(|| call.origin())))
}

fn base64decode(call: &Call<'_>) -> Result<Value> {
    let text = call.text(0);
    if call.value(0).as_unknown().is_some() {
        return Ok(call.unknown(Type::String));
    }
    let Some(bytes) = decoded(text.bytes()) else {
        return match text.is_known() {
            true => call.fail("failed to decode base64 data"),
            false => Ok(call.unknown(Type::String)),
        };
    };
    let Ok(bytes) = String::from_utf8(bytes) else {
        return match text.is_known() {
            true => call.fail("the result of decoding is not valid UTF-8"),
            false => Ok(call.unknown(Type::String)),
        };
    };
    if text.is_known() {
        return Ok(call.make_string(bytes));
    }
    match with_symbols(call, &text, &bytes) {
        Some(text) => Ok(call.make_text(text)),
        None => Ok(call.unknown(Type::String)),
    }
}

/// Finds the placeholders of a text's symbols in what it was decoded to; `None` if one is missing.
fn with_symbols(call: &Call<'_>, text: &Text, decoded: &str) -> Option<Text> {
    let mut builder = TextBuilder::with_capacity(decoded.len());
    let mut at = 0;
    for symbol in text.symbols() {
        let placeholder = call.store().symbols.placeholder(symbol);
        let found = at + decoded[at..].find(placeholder)?;
        builder.push(&decoded[at..found], call.origin());
        builder.push_symbol(&call.store().symbols, symbol, call.origin());
        at = found + placeholder.len();
    }
    builder.push(&decoded[at..], call.origin());
    Some(builder.finish_or(|| call.origin()))
}

/// The bytes of a compressed text hang on all of it, so one that is not wholly known gives an unknown.
fn base64gzip(call: &Call<'_>) -> Result<Value> {
    let Some(text) = call.known(0) else { return Ok(call.unknown(Type::String)) };
    if text.len() > GZIPPED {
        return Err(Error::limit("a text of more than 1 MiB is not compressed", call.span));
    }
    // Finding what comes again takes longer than reading it, and even the smallest text needs the tables for it.
    call.evaluator.limits.take(512 + 2 * text.len() as u64, call.span)?;
    Ok(call.make_string(STANDARD.encode(flate::gzip_flushed(text.as_bytes()))))
}

fn base64gunzip(call: &Call<'_>) -> Result<Value> {
    let Some(bytes) = decoded(call.string(0).as_bytes()) else {
        return call.fail("failed to decode base64 data");
    };
    let mut text = String::new();
    let mut reader = flate2::read::MultiGzDecoder::new(bytes.as_slice()).take(GUNZIPPED + 1);
    match reader.read_to_string(&mut text) {
        Ok(_) => {
            call.will_write(text.len())?;
            Ok(call.make_string(text))
        }
        Err(error) => call.fail(format!("failed to gunzip the data: {error}")),
    }
}

/// Go: url.QueryEscape.
fn urlencode(call: &Call<'_>) -> Result<Value> {
    let text = super::texts::each_part(call, &call.text(0), |part| {
        part.bytes().fold(String::with_capacity(part.len()), |mut out, byte| {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    out.push(char::from(byte))
                }
                b' ' => out.push('+'),
                byte => {
                    let _ = write!(out, "%{byte:02X}");
                }
            }
            out
        })
    });
    Ok(call.make_text(text))
}

/// Go: url.QueryUnescape.
fn urldecode(call: &Call<'_>) -> Result<Value> {
    let text = call.string(0).as_bytes();
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digits = text.get(at..at + 2).and_then(|digits| std::str::from_utf8(digits).ok());
                let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
                match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    Some(byte) => out.push(byte),
                    None => return call.fail("a % is not followed by two hexadecimal digits"),
                }
                at += 2;
            }
            byte => out.push(byte),
        }
    }
    match String::from_utf8(out) {
        Ok(text) => Ok(call.make_string(text)),
        Err(_) => call.fail("the decoded text is not valid UTF-8"),
    }
}
