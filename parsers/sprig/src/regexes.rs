//! Regular expressions.

use std::rc::Rc;

use iac_gostd::unicode;
use iac_gotemplate::Param::{Int, String as Str};
use iac_gotemplate::{Args, Call, Element, Failure, Function, Kind, List, ListType, Unknowns, Value, quoted};
use iac_model::{Text, TextBuilder, TypeHint};

use crate::split::strings;
use crate::standing::{Standing, computed, here};
use iac_gostd::regexp::{Piece, Regexp, is_meta};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("mustRegexFind", &[Str, Str], regex_find).unknowns(Unknowns::Text),
    Function::new("mustRegexFindAll", &[Str, Str, Int], regex_find_all).unknowns(Unknowns::Text),
    Function::new("mustRegexMatch", &[Str, Str], regex_match).unknowns(Unknowns::Text),
    Function::new("mustRegexReplaceAll", &[Str, Str, Str], regex_replace_all).unknowns(Unknowns::Text),
    Function::new("mustRegexReplaceAllLiteral", &[Str, Str, Str], regex_replace_all_literal)
        .unknowns(Unknowns::Text),
    Function::new("mustRegexSplit", &[Str, Str, Int], regex_split).unknowns(Unknowns::Text),
    Function::new("regexFind", &[Str, Str], regex_find).unknowns(Unknowns::Text),
    Function::new("regexFindAll", &[Str, Str, Int], regex_find_all).unknowns(Unknowns::Text),
    Function::new("regexMatch", &[Str, Str], regex_match).unknowns(Unknowns::Text),
    Function::new("regexQuoteMeta", &[Str], regex_quote_meta).unknowns(Unknowns::Text),
    Function::new("regexReplaceAll", &[Str, Str, Str], regex_replace_all).unknowns(Unknowns::Text),
    Function::new("regexReplaceAllLiteral", &[Str, Str, Str], regex_replace_all_literal)
        .unknowns(Unknowns::Text),
    Function::new("regexSplit", &[Str, Str, Int], regex_split).unknowns(Unknowns::Text),
];

type Result<T> = std::result::Result<T, Failure>;

/// Compiles the first argument. The must-forms return Go's error, the others panic with more words.
fn compiled(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Rc<Regexp>> {
    let pattern = args.text(0)?.bytes();
    // Counted repetitions multiply what is compiled, up to a thousand times.
    let per_byte = if pattern.contains(&b'{') { 128 } else { 4 };
    call.spend(pattern.len() as u64 * per_byte + args.text(1)?.len() as u64 / 16)?;
    Regexp::compile(pattern).map_err(|error| {
        Failure::message(if call.name().starts_with("must") {
            error.to_string()
        } else {
            format!("regexp: Compile({}): {error}", back_quoted(pattern))
        })
    })
}

/// Go: regexp.quote.
fn back_quoted(text: &[u8]) -> String {
    let fits = unicode::chars(text).all(|(_, c, width)| {
        let valid = width > 1 || c.is_ascii();
        valid && !matches!(c, '`' | '\u{7f}' | '\u{feff}') && (c >= ' ' || c == '\t')
    });
    if fits { format!("`{}`", String::from_utf8_lossy(text)) } else { quoted(text) }
}

fn regex_match(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    computed(call, args, TypeHint::Bool, |call| match compiled(call, args) {
        Ok(regexp) => Ok(Kind::Bool(regexp.is_match(args.text(1)?.bytes()))),
        // sprig takes a bad pattern for no match.
        Err(Failure::Message(_)) if call.name() == "regexMatch" => Ok(Kind::Bool(false)),
        Err(failure) => Err(failure),
    })
}

/// What is not known of a text can match or not, so nothing is known of the result.
fn is_open(call: &Call<'_, '_>, args: Args<'_>) -> bool {
    Standing::of(call.store(), args) == Standing::Unknown
}

fn regex_find(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    if is_open(call, args) {
        return Ok(call.derived(TypeHint::String));
    }
    let text = args.text(1)?;
    Ok(match compiled(call, args)?.find(text.bytes()) {
        Some(found) => Value::string(text.slice(found)),
        None => Value::string(Text::new("", call.origin())),
    })
}

fn regex_find_all(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let Some(limit) = args.int(2).ok().filter(|_| !is_open(call, args)) else {
        return Ok(call.derived(TypeHint::List));
    };
    let text = args.text(1)?;
    let found = compiled(call, args)?.find_all(text.bytes(), limit);
    call.check_list(found.len())?;
    if found.is_empty() {
        return Ok(call.value(Kind::List(List::nil(ListType::Of(Element::String)))));
    }
    strings(call, found.into_iter().map(|range| text.slice(range)))
}

fn regex_replace_all(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    replaced(call, args, Regexp::replace_all)
}

fn regex_replace_all_literal(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    replaced(call, args, Regexp::replace_all_literal)
}

fn replaced(
    call: &mut Call<'_, '_>,
    args: Args<'_>,
    replace: fn(&Regexp, &[u8], &[u8]) -> Vec<Piece>,
) -> Result<Value> {
    if is_open(call, args) {
        return Ok(call.derived(TypeHint::String));
    }
    let (text, replacement) = (args.text(1)?, args.text(2)?);
    let regexp = compiled(call, args)?;
    // At most one replacement for each byte and one at the end, each with all groups at most once a `$`.
    let pieces = replace(&regexp, text.bytes(), replacement.bytes());
    let len = pieces.iter().map(Piece::width).fold(0_usize, usize::saturating_add);
    call.check_string(len)?;
    let mut builder = TextBuilder::with_capacity(len);
    for piece in pieces {
        match piece {
            Piece::Replacement(range) => builder.push_slice(replacement, range),
            Piece::Subject(range) => builder.push_slice(text, range),
        }
    }
    call.string(builder.finish_or(|| text.origin()))
}

fn regex_split(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let Some(limit) = args.int(2).ok().filter(|_| !is_open(call, args)) else {
        return Ok(call.derived(TypeHint::List));
    };
    let text = args.text(1)?;
    let regexp = compiled(call, args)?;
    if limit == 0 {
        return Ok(call.value(Kind::List(List::nil(ListType::Of(Element::String)))));
    }
    let parts = regexp.split(text.bytes(), limit);
    call.check_list(parts.len())?;
    strings(call, parts.into_iter().map(|range| text.slice(range)))
}

fn regex_quote_meta(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (text, here) = (args.text(0)?, here(call));
    let mut builder = TextBuilder::with_capacity(text.len());
    let mut copied = 0;
    for (at, &byte) in text.bytes().iter().enumerate() {
        if is_meta(byte) && text.run_at(at).symbol.is_none() {
            builder.push_slice(text, copied..at);
            builder.push("\\", here);
            copied = at;
        }
    }
    builder.push_slice(text, copied..text.len());
    call.string(builder.finish_or(|| text.origin()))
}
