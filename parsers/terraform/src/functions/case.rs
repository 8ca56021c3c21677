//! Upper and lower case, characters: `lower`, `upper`, `title`, `strrev`, `substr`, and the length of strings.

use std::sync::LazyLock;

use iac_hcl::{Result, Type, Value};
use iac_model::Text;
use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use super::Call;
use super::function::{Function, NUMBER, TEXT, Want};
use super::texts::{each_part, prefix};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("lower", &[TEXT], Want::String, |call| {
        Ok(mapped(call, |text| text.chars().map(to_lower).collect()))
    }),
    Function::new("strrev", &[TEXT], Want::String, strrev),
    Function::new("substr", &[TEXT, NUMBER, NUMBER], Want::String, substr),
    Function::new("title", &[TEXT], Want::String, title),
    Function::new("upper", &[TEXT], Want::String, |call| {
        Ok(mapped(call, |text| text.chars().map(to_upper).collect()))
    }),
];

fn mapped(call: &Call<'_>, map: fn(&str) -> String) -> Value {
    let text = each_part(call, &call.text(0), map);
    call.make_text(text)
}

/// The only character of a mapping, or `None` if it maps to several.
fn single(mut mapped: impl Iterator<Item = char>) -> Option<char> {
    let first = mapped.next()?;
    mapped.next().is_none().then_some(first)
}

/// Go: unicode.ToUpper, the simple mapping: one character to one character.
fn to_upper(c: char) -> char {
    // Greek letters with iota subscript: their full mapping has two characters, their simple one is the title form.
    match c {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => {
            char::from_u32(u32::from(c) + 8).unwrap_or(c)
        }
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => char::from_u32(u32::from(c) + 9).unwrap_or(c),
        _ => single(c.to_uppercase()).unwrap_or(c),
    }
}

/// Go: unicode.ToLower, the simple mapping.
fn to_lower(c: char) -> char {
    match c {
        '\u{130}' => 'i',
        _ => single(c.to_lowercase()).unwrap_or(c),
    }
}

/// Go: unicode.ToTitle: upper case but for the digraphs that have a title form and Georgian letters.
fn to_title(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => c,
        _ => to_upper(c),
    }
}

/// Go: strings.Title, which knows neither apostrophes nor grammar.
fn title(call: &Call<'_>) -> Result<Value> {
    let text = call.text(0);
    // What stands before a part decides whether its first letter starts a word.
    if !text.is_known() {
        return Ok(call.unknown(Type::String));
    }
    let mut before = ' ';
    let text = each_part(call, &text, |part| {
        part.chars()
            .map(|c| {
                let starts = is_separator(before);
                before = c;
                if starts { to_title(c) } else { c }
            })
            .collect()
    });
    Ok(call.make_text(text))
}

/// Go: strings.isSeparator.
fn is_separator(c: char) -> bool {
    static WORD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[\p{L}\p{Nd}]$").expect("categories that the regex crate knows"));
    if c.is_ascii() {
        return !(c.is_ascii_alphanumeric() || c == '_');
    }
    !WORD.is_match(c.encode_utf8(&mut [0; 4])) && c.is_whitespace()
}

fn strrev(call: &Call<'_>) -> Result<Value> {
    let Some(text) = call.known(0) else { return Ok(call.unknown(Type::String)) };
    let reversed: String = text.graphemes(true).rev().collect();
    Ok(call.make_string(reversed))
}

/// Counts what people call characters.
pub(super) fn length(text: &str) -> usize {
    if text.is_ascii() && !text.contains('\r') { text.len() } else { text.graphemes(true).count() }
}

fn substr(call: &Call<'_>) -> Result<Value> {
    let text = call.text(0);
    let (mut offset, length) = (call.whole(1)?, call.whole(2)?);
    if !text.is_known() {
        return Ok(match within_prefix(&text, offset, length) {
            Some(part) => call.make_text(part),
            None => call.unknown(Type::String),
        });
    }
    let known = call.string(0);
    if offset < 0 {
        offset = offset.saturating_add(self::length(known) as i64);
    } else if length == 0 {
        return Ok(call.make_string(""));
    }
    // cty: SubstrFunc: a negative offset beyond the start starts at the start.
    let start = boundary(known, usize::try_from(offset).unwrap_or(0)).unwrap_or(known.len());
    let end = match usize::try_from(length) {
        Err(_) => known.len(),
        // cty: no count of characters reaches zero, so all of them are taken.
        Ok(0) => known.len(),
        Ok(length) => boundary(&known[start..], length).map_or(known.len(), |end| start + end),
    };
    Ok(call.make_text(text.slice(start..end)))
}

/// The byte offset behind so many characters; `None` if there are not so many.
fn boundary(text: &str, count: usize) -> Option<usize> {
    if count == 0 {
        return Some(0);
    }
    let (start, last) = text.grapheme_indices(true).nth(count - 1)?;
    Some(start + last.len())
}

/// A part of a text with symbols that starts, and maybe ends, in what is known at its beginning.
fn within_prefix(text: &Text, offset: i64, length: i64) -> Option<Text> {
    let known = std::str::from_utf8(prefix(text)).ok()?;
    // The last character may go on in the symbol.
    let (last, _) = known.grapheme_indices(true).next_back()?;
    let known = &known[..last];
    let start = boundary(known, usize::try_from(offset).ok()?)?;
    match usize::try_from(length) {
        Err(_) => Some(text.slice(start..text.len())),
        Ok(length) => Some(text.slice(start..start + boundary(&known[start..], length)?)),
    }
}
