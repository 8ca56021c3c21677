//! Parts of strings: `chomp`, `indent`, `join`, `replace`, `split`, `startswith`, `trim` and their like.

use iac_hcl::{Result, Type, Value};
use iac_model::{Text, TextBuilder};

use super::Call;
use super::function::{Function, NUMBER, Parameter, TEXT, Want};
use super::regexes;
use super::texts::{Segment, is_attribute, prefix, push_derived, segments, suffix};
use crate::to_model::text_of;

const STRINGS: Parameter = Parameter::new(Want::Strings).or_unknown();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("chomp", &[TEXT], Want::String, |call| {
        Ok(ends(call, |_| false, |c| matches!(c, '\n' | '\r')))
    }),
    Function::new("endswith", &[TEXT, TEXT], Want::Bool, endswith),
    Function::new("indent", &[NUMBER, TEXT], Want::String, indent),
    Function::new("join", &[TEXT], Want::String, join).and_more(STRINGS),
    Function::new("replace", &[TEXT, TEXT, TEXT], Want::String, replace),
    Function::new("split", &[TEXT, TEXT], Want::Strings, split),
    Function::new("startswith", &[TEXT, TEXT], Want::Bool, startswith),
    Function::new("strcontains", &[TEXT, TEXT], Want::Bool, strcontains),
    Function::new("trim", &[TEXT, TEXT], Want::String, trim),
    Function::new("trimprefix", &[TEXT, TEXT], Want::String, trimprefix),
    Function::new("trimspace", &[TEXT], Want::String, |call| Ok(ends(call, is_space, is_space))),
    Function::new("trimsuffix", &[TEXT, TEXT], Want::String, trimsuffix),
];

/// Go: unicode.IsSpace.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// Cuts characters off both ends. A symbol at an end stays if it is an attribute of a resource, which has neither
/// blanks nor line ends there.
fn ends(call: &Call<'_>, at_start: impl Fn(char) -> bool, at_end: impl Fn(char) -> bool) -> Value {
    let text = call.text(0);
    let parts = segments(&text);
    let (mut start, mut end) = (0, text.len());
    let mut stays = true;
    let known =
        |segment: &Segment| String::from_utf8_lossy(&text.bytes()[segment.range.clone()]).into_owned();
    let cuts_start = |c: char| at_start(c);
    for segment in &parts {
        match segment.symbol {
            Some(symbol) => stays &= !at_start(' ') || is_attribute(call.store(), symbol),
            None => {
                let part = known(segment);
                let kept = part.trim_start_matches(cuts_start);
                start = segment.range.end - kept.len();
                if kept.is_empty() {
                    continue;
                }
            }
        }
        break;
    }
    for segment in parts.iter().rev() {
        match segment.symbol {
            Some(symbol) => stays &= is_attribute(call.store(), symbol),
            None => {
                let part = known(segment);
                let kept = part.trim_end_matches(|c: char| at_end(c));
                end = segment.range.start + kept.len();
                if kept.is_empty() {
                    continue;
                }
            }
        }
        break;
    }
    if !stays {
        return call.unknown(Type::String);
    }
    call.make_text(text.slice(start..end.max(start)))
}

fn startswith(call: &Call<'_>) -> Result<Value> {
    let (text, wanted) = (call.text(0), call.text(1));
    Ok(match affix(prefix(&text), text.is_known(), &wanted, |text, wanted| text.starts_with(wanted)) {
        Some(holds) => call.make_bool(holds),
        None if prefix(&text).len() < wanted.len() && same_start(&text, &wanted) => call.make_bool(true),
        None => call.unknown(Type::Bool),
    })
}

fn endswith(call: &Call<'_>) -> Result<Value> {
    let (text, wanted) = (call.text(0), call.text(1));
    Ok(match affix(suffix(&text), text.is_known(), &wanted, |text, wanted| text.ends_with(wanted)) {
        Some(holds) => call.make_bool(holds),
        None => call.unknown(Type::Bool),
    })
}

/// Whether what is known of a text at one end decides if it starts or ends with something.
fn affix(known: &[u8], whole: bool, wanted: &Text, test: fn(&[u8], &[u8]) -> bool) -> Option<bool> {
    if !wanted.is_known() {
        return None;
    }
    let wanted = wanted.bytes();
    if test(known, wanted) {
        return Some(true);
    }
    if whole || known.len() >= wanted.len() {
        return Some(false);
    }
    // What is known must fit in with the rest of what is wanted.
    let fits = test(wanted, known);
    if fits { None } else { Some(false) }
}

/// Whether a text begins with the very runs of another, symbols included.
fn same_start(text: &Text, wanted: &Text) -> bool {
    let start = text.slice(0..wanted.len());
    start.bytes() == wanted.bytes()
        && start.symbols().eq(wanted.symbols())
        && start.symbols().next().is_some()
}

fn strcontains(call: &Call<'_>) -> Result<Value> {
    let (text, wanted) = (call.text(0), call.text(1));
    let Some(needle) = wanted.as_str() else { return Ok(call.unknown(Type::Bool)) };
    let found = segments(&text).iter().any(|segment| {
        segment.symbol.is_none()
            && position(&text.bytes()[segment.range.clone()], needle.as_bytes()).is_some()
    });
    Ok(match found || needle.is_empty() {
        true => call.make_bool(true),
        false if text.is_known() => call.make_bool(false),
        false => call.unknown(Type::Bool),
    })
}

fn position(text: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() {
        return Some(0);
    }
    text.windows(needle.len()).position(|window| window == needle)
}

/// Adds blanks behind each line end. What a provider gives has none, so its symbols stay.
fn indent(call: &Call<'_>) -> Result<Value> {
    let text = call.text(1);
    let spaces = call.whole(0)?;
    let Ok(spaces) = usize::try_from(spaces) else {
        return call.fail("the count of spaces must not be negative");
    };
    let lines = text.bytes().iter().filter(|&&byte| byte == b'\n').count();
    call.will_write(text.len().saturating_add(lines.saturating_mul(spaces)))?;
    if lines == 0 && text.is_known() {
        return Ok(call.passed(call.value(1)));
    }
    let origin = call.value(1).origin;
    let pad = " ".repeat(spaces);
    let mut builder = TextBuilder::with_capacity(text.len() + lines * spaces);
    for segment in segments(&text) {
        if let Some(symbol) = segment.symbol {
            match is_attribute(call.store(), symbol) {
                true => builder.push_slice(&text, segment.range),
                false => push_derived(call, &mut builder, symbol, &[]),
            }
            continue;
        }
        let mut at = segment.range.start;
        while let Some(found) = position(&text.bytes()[at..segment.range.end], b"\n") {
            builder.push_slice(&text, at..at + found + 1);
            builder.push(&pad, origin);
            at += found + 1;
        }
        builder.push_slice(&text, at..segment.range.end);
    }
    Ok(call.make_text(builder.finish_or(|| origin)))
}

fn join(call: &Call<'_>) -> Result<Value> {
    let separator = call.text(0);
    if call.arguments.len() < 2 {
        return call.fail("it needs at least one list");
    }
    let mut parts: Vec<Text> = Vec::new();
    let mut bytes = 0_usize;
    for list in &call.arguments[1..] {
        let Some(elements) = list.as_elements() else { return Ok(call.unknown(Type::String)) };
        for element in elements.iter() {
            let Some(text) = text_of(call.store(), element) else {
                return call.fail("an element is null; null values cannot be joined");
            };
            bytes = bytes.saturating_add(text.len() + separator.len());
            parts.push(text);
        }
    }
    call.will_write(bytes)?;
    let mut builder = TextBuilder::with_capacity(bytes);
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            builder.push_text(&separator);
        }
        builder.push_text(part);
    }
    Ok(call.make_text(builder.finish_or(|| call.origin())))
}

fn replace(call: &Call<'_>) -> Result<Value> {
    let (text, needle, with) = (call.text(0), call.text(1), call.text(2));
    let Some(wanted) = needle.as_str() else { return Ok(call.unknown(Type::String)) };
    if let Some(pattern) = wanted.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        return regexes::replace(call, pattern);
    }
    let wanted = wanted.as_bytes();
    if wanted.is_empty() {
        return between(call, &text, &with);
    }
    let occurrences = text.bytes().windows(wanted.len()).filter(|window| *window == wanted).count();
    call.will_write(text.len().saturating_add(occurrences.saturating_mul(with.len())))?;
    if text.is_known() {
        return Ok(match occurrences {
            0 => call.passed(call.value(0)),
            _ => call.make_text(text.replace(wanted, &with)),
        });
    }
    // Symbols are replaced in by themselves, unless an occurrence could start in one part and end in the next.
    let mut builder = TextBuilder::with_capacity(text.len());
    let parts = segments(&text);
    for (index, segment) in parts.iter().enumerate() {
        if let Some(symbol) = segment.symbol {
            push_derived(call, &mut builder, symbol, &[call.value(1), call.value(2)]);
            let adjacent = parts.get(index + 1).is_some_and(|next| next.symbol.is_some());
            if adjacent && wanted.len() > 1 {
                return Ok(call.unknown(Type::String));
            }
            continue;
        }
        let known = &text.bytes()[segment.range.clone()];
        let mut at = 0;
        while let Some(found) = position(&known[at..], wanted) {
            builder.push_slice(&text, segment.range.start + at..segment.range.start + at + found);
            builder.push_text(&with);
            at += found + wanted.len();
        }
        let (rest, last) = (&known[at..], index + 1 == parts.len());
        let crosses_end = (1..wanted.len()).any(|length| rest.ends_with(&wanted[..length]));
        let crosses_start = (1..wanted.len()).any(|length| known.starts_with(&wanted[length..]));
        if (!last && crosses_end) || (index > 0 && crosses_start) {
            return Ok(call.unknown(Type::String));
        }
        builder.push_slice(&text, segment.range.start + at..segment.range.end);
    }
    Ok(call.make_text(builder.finish_or(|| call.origin())))
}

/// Go: strings.Replace of an empty text: it stands before each character and at the end.
fn between(call: &Call<'_>, text: &Text, with: &Text) -> Result<Value> {
    let Some(known) = text.as_str() else { return Ok(call.unknown(Type::String)) };
    let count = known.chars().count() + 1;
    call.will_write(text.len().saturating_add(count.saturating_mul(with.len())))?;
    let mut builder = TextBuilder::new();
    builder.push_text(with);
    for (at, c) in known.char_indices() {
        builder.push_slice(text, at..at + c.len_utf8());
        builder.push_text(with);
    }
    Ok(call.make_text(builder.finish_or(|| call.origin())))
}

fn split(call: &Call<'_>) -> Result<Value> {
    let text = call.text(1);
    let (Some(separator), true) = (call.known(0), text.is_known()) else {
        return Ok(call.unknown(Type::list(Type::String)));
    };
    let known = call.string(1);
    let mut ends: Vec<(usize, usize)> = Vec::new();
    if separator.is_empty() {
        ends.extend(known.char_indices().map(|(at, c)| (at, at + c.len_utf8())));
    } else {
        let mut at = 0;
        for (found, _) in known.match_indices(separator) {
            ends.push((at, found));
            at = found + separator.len();
        }
        ends.push((at, known.len()));
    }
    call.will_make(ends.len())?;
    let parts = ends.into_iter().map(|(start, end)| call.make_text(text.slice(start..end)));
    let parts = parts.collect();
    Ok(call.make_list(Type::String, parts))
}

fn trim(call: &Call<'_>) -> Result<Value> {
    let Some(cutset) = call.known(1) else { return Ok(call.unknown(Type::String)) };
    let text = call.text(0);
    let cuts = |c: char| cutset.contains(c);
    let (start, end) = (String::from_utf8_lossy(prefix(&text)), String::from_utf8_lossy(suffix(&text)));
    let kept = (start.trim_start_matches(cuts), end.trim_end_matches(cuts));
    if !text.is_known() && !cutset.is_empty() && (kept.0.is_empty() || kept.1.is_empty()) {
        return Ok(call.unknown(Type::String));
    }
    let from = start.len() - kept.0.len();
    let to = text.len() - (end.len() - kept.1.len());
    Ok(call.make_text(text.slice(from..to.max(from))))
}

fn trimprefix(call: &Call<'_>) -> Result<Value> {
    let (text, wanted) = (call.text(0), call.text(1));
    Ok(match affix(prefix(&text), text.is_known(), &wanted, |text, wanted| text.starts_with(wanted)) {
        Some(true) => call.make_text(text.slice(wanted.len()..text.len())),
        Some(false) => call.passed(call.value(0)),
        None => call.unknown(Type::String),
    })
}

fn trimsuffix(call: &Call<'_>) -> Result<Value> {
    let (text, wanted) = (call.text(0), call.text(1));
    Ok(match affix(suffix(&text), text.is_known(), &wanted, |text, wanted| text.ends_with(wanted)) {
        Some(true) => call.make_text(text.slice(0..text.len() - wanted.len())),
        Some(false) => call.passed(call.value(0)),
        None => call.unknown(Type::String),
    })
}
