//! Strings: cutting, padding, quoting, replacing. Nearly all keep the runs of their texts.

use std::ops::Range;

use iac_gostd::unicode;
use iac_gotemplate::Param::{Any, Int, String as Str};
use iac_gotemplate::{Args, Call, Failure, Function, Kind, Unknowns, Value};
use iac_model::{Text, TextBuilder, TypeHint};

use crate::go::rune;
use crate::standing::{self, Standing, here, spend_on};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("cat", &[], cat).variadic(Any).unknowns(Unknowns::Text),
    Function::new("contains", &[Str, Str], contains).unknowns(Unknowns::Text),
    Function::new("hasPrefix", &[Str, Str], has_prefix).unknowns(Unknowns::Text),
    Function::new("hasSuffix", &[Str, Str], has_suffix).unknowns(Unknowns::Text),
    Function::new("hello", &[], hello),
    Function::new("indent", &[Int, Str], indent).unknowns(Unknowns::Text),
    Function::new("nindent", &[Int, Str], nindent).unknowns(Unknowns::Text),
    Function::new("nospace", &[Str], nospace).unknowns(Unknowns::Text),
    Function::new("plural", &[Str, Str, Int], plural).unknowns(Unknowns::Text),
    Function::new("quote", &[], quote).variadic(Any).unknowns(Unknowns::Text),
    Function::new("repeat", &[Int, Str], repeat).unknowns(Unknowns::Text),
    Function::new("replace", &[Str, Str, Str], replace).unknowns(Unknowns::Text),
    Function::new("squote", &[], squote).variadic(Any).unknowns(Unknowns::Text),
    Function::new("substr", &[Int, Int, Str], substr).unknowns(Unknowns::Text),
    Function::new("toString", &[Any], to_string).unknowns(Unknowns::Text),
    Function::new("trim", &[Str], trim).unknowns(Unknowns::Text),
    Function::new("trimAll", &[Str, Str], trim_all).unknowns(Unknowns::Text),
    Function::new("trimPrefix", &[Str, Str], trim_prefix).unknowns(Unknowns::Text),
    Function::new("trimSuffix", &[Str, Str], trim_suffix).unknowns(Unknowns::Text),
    Function::new("trimall", &[Str, Str], trim_all).unknowns(Unknowns::Text),
    Function::new("trunc", &[Int, Str], trunc).unknowns(Unknowns::Text),
];

/// The string that sprig makes of any value. sprig: strval.
pub(crate) fn strval(call: &mut Call<'_, '_>, value: &Value) -> Result<Text, Failure> {
    match &value.kind {
        Kind::Bytes(text) | Kind::String(text) => Ok(text.clone()),
        _ => call.print(value),
    }
}

/// An integer argument; if it is an unknown, the whole result is.
macro_rules! int_or_derived {
    ($call:ident, $args:ident, $at:literal) => {
        match $args.int($at) {
            Ok(int) => int,
            Err(_) => return Ok($call.derived(TypeHint::String)),
        }
    };
}

fn sliced(text: &Text, range: Range<usize>) -> Value {
    Value::string(text.slice(range))
}

pub(crate) use int_or_derived;

/// Go's panic for a slice of a string that does not exist.
fn out_of_bounds(text: String) -> Failure {
    Failure::message(format!("runtime error: slice bounds out of range [{text}"))
}

fn hello(call: &mut Call<'_, '_>, _: Args<'_>) -> Result<Value, Failure> {
    call.text("Hello!")
}

fn to_string(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = strval(call, args.value(0)?)?;
    call.string(text)
}

fn trim(_: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.text(0)?;
    Ok(sliced(text, kept(text.bytes(), rune::is_space)))
}

fn trim_all(_: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (set, text) = (args.text(0)?, args.text(1)?);
    let set: Vec<char> = unicode::chars(set.bytes()).map(|(_, c, _)| c).collect();
    Ok(sliced(text, kept(text.bytes(), |c| set.contains(&c))))
}

/// The range from the first to the last character that is not cut off.
fn kept(bytes: &[u8], cut: impl Fn(char) -> bool) -> Range<usize> {
    let mut range = bytes.len()..bytes.len();
    for (at, c, width) in unicode::chars(bytes) {
        if !cut(c) {
            range = range.start.min(at)..at + width;
        }
    }
    range
}

fn trim_prefix(_: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (prefix, text) = (args.text(0)?, args.text(1)?);
    let cut = text.bytes().starts_with(prefix.bytes());
    Ok(sliced(text, if cut { prefix.len() } else { 0 }..text.len()))
}

fn trim_suffix(_: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (suffix, text) = (args.text(0)?, args.text(1)?);
    let cut = text.bytes().ends_with(suffix.bytes());
    Ok(sliced(text, 0..text.len() - if cut { suffix.len() } else { 0 }))
}

fn trunc(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (width, text) = (int_or_derived!(call, args, 0), args.text(1)?);
    let len = text.len() as i64;
    Ok(match width {
        0.. => sliced(text, 0..width.min(len) as usize),
        _ => sliced(text, len.saturating_add(width).max(0) as usize..text.len()),
    })
}

fn substr(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (start, end, text) = (int_or_derived!(call, args, 0), int_or_derived!(call, args, 1), args.text(2)?);
    let len = text.len() as i64;
    if start < 0 {
        return match end {
            ..0 => Err(out_of_bounds(format!(":{end}]"))),
            _ if end > len => Err(out_of_bounds(format!(":{end}] with length {len}"))),
            _ => Ok(sliced(text, 0..end as usize)),
        };
    }
    if end < 0 || end > len {
        return match start {
            _ if start > len => Err(out_of_bounds(format!("{start}:{len}]"))),
            _ => Ok(sliced(text, start as usize..text.len())),
        };
    }
    if start > end {
        return Err(out_of_bounds(format!("{start}:{end}]")));
    }
    Ok(sliced(text, start as usize..end as usize))
}

fn indent(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    indented(call, args, "")
}

fn nindent(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    indented(call, args, "\n")
}

fn indented(call: &mut Call<'_, '_>, args: Args<'_>, before: &str) -> Result<Value, Failure> {
    let (spaces, text) = (int_or_derived!(call, args, 0), args.text(1)?);
    let spaces = count(spaces)?;
    let bytes = text.bytes();
    let lines = 1 + bytes.iter().filter(|&&byte| byte == b'\n').count();
    let len = spaces.saturating_mul(lines).saturating_add(text.len() + before.len());
    call.check_string(len)?;
    spend_on(call, len)?;
    let (pad, here) = (" ".repeat(spaces), here(call));
    let mut builder = TextBuilder::with_capacity(len);
    builder.push(before, here);
    let mut start = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        builder.push(&pad, here);
        builder.push_slice(text, start..start + line.len());
        start += line.len();
    }
    if bytes.last().is_none_or(|&byte| byte == b'\n') {
        builder.push(&pad, here);
    }
    call.string(builder.finish_or(|| text.origin()))
}

/// A repeat count. Go: strings.Repeat panics below zero.
fn count(count: i64) -> Result<usize, Failure> {
    usize::try_from(count).map_err(|_| Failure::message("strings: negative Repeat count"))
}

fn repeat(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (times, text) = (int_or_derived!(call, args, 0), args.text(1)?);
    let times = count(times)?;
    let len = times.saturating_mul(text.len());
    call.check_string(len)?;
    spend_on(call, len)?;
    let mut builder = TextBuilder::with_capacity(len);
    if len > 0 && times > TRACED_COPIES && text.run_count() == 1 && text.is_known() {
        // Which of so many copies a byte belongs to helps nobody, and each would be a run of its own.
        builder.push(text.bytes().repeat(times), text.origin());
    } else if len > 0 {
        (0..times).for_each(|_| builder.push_text(text));
    }
    call.string(builder.finish_or(|| text.origin()))
}

/// More copies of one text are not told apart.
const TRACED_COPIES: usize = 1024;

fn replace(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (old, new, text) = (args.text(0)?, args.text(1)?, args.text(2)?);
    let bytes = text.bytes();
    spend_on(call, bytes.len())?;
    if old.is_empty() {
        // Go: an empty text stands before each character and at the end.
        let times = 1 + unicode::count(bytes);
        call.check_string(times.saturating_mul(new.len()).saturating_add(text.len()))?;
        let mut builder = TextBuilder::new();
        for (at, _, width) in unicode::chars(bytes) {
            builder.push_text(new);
            builder.push_slice(text, at..at + width);
        }
        builder.push_text(new);
        return call.string(builder.finish_or(|| text.origin()));
    }
    if new.len() > old.len() {
        let times = text.len() / old.len();
        let longest = times.saturating_mul(new.len() - old.len()).saturating_add(text.len());
        if call.check_string(longest).is_err() {
            let times = occurrences(bytes, old.bytes());
            call.check_string(times.saturating_mul(new.len() - old.len()).saturating_add(text.len()))?;
        }
    }
    call.string(text.replace(old.bytes(), new))
}

/// Counts occurrences that do not overlap.
fn occurrences(mut text: &[u8], needle: &[u8]) -> usize {
    let mut count = 0;
    while text.len() >= needle.len() {
        let found = text.starts_with(needle);
        count += usize::from(found);
        text = &text[if found { needle.len() } else { 1 }..];
    }
    count
}

fn contains(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (needle, text) = (args.text(0)?, args.text(1)?);
    let found = |bytes: &[u8]| {
        needle.is_empty() || bytes.windows(needle.len()).any(|window| window == needle.bytes())
    };
    if needle.is_known() && Standing::of_text(call.store(), text) == Standing::Unknown {
        // A known part that holds it decides, whatever the rest is.
        if text.runs().any(|(range, run)| run.symbol.is_none() && found(&text.bytes()[range])) {
            return Ok(call.value(Kind::Bool(true)));
        }
    }
    standing::computed(call, args, TypeHint::Bool, |_| Ok(Kind::Bool(found(text.bytes()))))
}

fn has_prefix(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (prefix, text) = (args.text(0)?, args.text(1)?);
    let known =
        text.runs().take_while(|(_, run)| run.symbol.is_none()).last().map_or(0, |(range, _)| range.end);
    decide(call, args, &text.bytes()[..known], prefix, <[u8]>::starts_with)
}

fn has_suffix(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (suffix, text) = (args.text(0)?, args.text(1)?);
    let unknown =
        text.runs().filter(|(_, run)| run.symbol.is_some()).last().map_or(0, |(range, _)| range.end);
    decide(call, args, &text.bytes()[unknown..], suffix, <[u8]>::ends_with)
}

/// Tells whether a text has an affix; the known part at that end suffices if it is long enough.
fn decide(
    call: &mut Call<'_, '_>,
    args: Args<'_>,
    known: &[u8],
    affix: &Text,
    has: fn(&[u8], &[u8]) -> bool,
) -> Result<Value, Failure> {
    if affix.is_known() && known.len() >= affix.len() {
        let has = has(known, affix.bytes());
        return Ok(call.value(Kind::Bool(has)));
    }
    let text = args.text(1)?;
    standing::computed(call, args, TypeHint::Bool, |_| Ok(Kind::Bool(has(text.bytes(), affix.bytes()))))
}

fn quote(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    joined(call, args, |call, value| {
        let text = strval(call, value)?;
        Ok(call.quote(&text))
    })
}

fn squote(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    joined(call, args, |call, value| {
        let (text, here) = (call.print(value)?, here(call));
        let mut builder = TextBuilder::with_capacity(text.len() + 2);
        builder.push("'", here);
        builder.push_text(&text);
        builder.push("'", here);
        Ok(builder.finish_or(|| here))
    })
}

fn cat(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    joined(call, args, |call, value| call.print(value))
}

/// Joins what is made of each argument that is not nil with blanks.
fn joined(
    call: &mut Call<'_, '_>,
    args: Args<'_>,
    mut make: impl FnMut(&mut Call<'_, '_>, &Value) -> Result<Text, Failure>,
) -> Result<Value, Failure> {
    let mut builder = TextBuilder::new();
    let mut first = true;
    for value in args.all().iter().filter(|value| !matches!(value.kind, Kind::Nil)) {
        if !first {
            builder.push(" ", here(call));
        }
        first = false;
        let text = make(call, value)?;
        call.check_string(builder.len() + text.len())?;
        spend_on(call, text.len())?;
        builder.push_text(&text);
    }
    let text = builder.finish_or(|| call.origin());
    call.string(text)
}

fn plural(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let count = int_or_derived!(call, args, 2);
    Ok(args.value(if count == 1 { 0 } else { 1 })?.clone())
}

fn nospace(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    // goutils: DeleteWhiteSpace takes each byte for a character, so other bytes than ASCII are written anew.
    let text = args.text(0)?;
    let bytes = text.bytes();
    if !bytes.iter().any(|&byte| rune::is_space(char::from(byte))) {
        return Ok(args.value(0)?.clone());
    }
    let mut builder = TextBuilder::with_capacity(text.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let c = char::from(byte);
        if c.is_ascii() && !rune::is_space(c) {
            builder.push_slice(text, at..at + 1);
        } else if !rune::is_space(c) {
            push_like(&mut builder, text, at, c);
        }
    }
    call.string(builder.finish_or(|| text.origin()))
}

/// Appends a character in place of the byte at `at`.
fn push_like(builder: &mut TextBuilder, text: &Text, at: usize, c: char) {
    let run = text.run_at(at);
    let mut buffer = [0; 4];
    let encoded = c.encode_utf8(&mut buffer);
    match run.symbol {
        Some(symbol) => builder.push_standing_for(encoded, symbol, run.origin),
        None => builder.push(encoded, run.origin),
    }
}
