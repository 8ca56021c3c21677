//! Between strings and lists.

use std::ops::Range;

use iac_gostd::unicode;
use iac_gotemplate::Param::{Any, Int, String as Str};
use iac_gotemplate::{
    Args, Call, Element, Failure, Function, Kind, List, ListType, Map, MapType, Unknowns, Value,
};
use iac_model::{Text, TextBuilder, TypeHint};

use crate::lists::slice_elements;
use crate::standing::here;
use crate::strings::strval;

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("join", &[Str, Any], join).unknowns(Unknowns::Text).result(TypeHint::String),
    Function::new("sortAlpha", &[Any], sort_alpha).result(TypeHint::List),
    Function::new("split", &[Str, Str], split).unknowns(Unknowns::Text),
    Function::new("splitList", &[Str, Str], split_list).unknowns(Unknowns::Text),
    Function::new("splitn", &[Str, Int, Str], splitn).unknowns(Unknowns::Text),
    Function::new("toStrings", &[Any], to_strings).result(TypeHint::List),
];

type Result<T> = std::result::Result<T, Failure>;

/// A `[]string`.
pub(crate) fn strings(call: &mut Call<'_, '_>, texts: impl IntoIterator<Item = Text>) -> Result<Value> {
    let items: Vec<Value> = texts.into_iter().map(Value::string).collect();
    call.check_list(items.len())?;
    Ok(call.value(Kind::List(List::new(ListType::Of(Element::String), items))))
}

/// Tells whether it is a `[]string` already.
fn is_strings(value: &Value) -> bool {
    value.as_list().is_some_and(|list| list.list_type() == ListType::Of(Element::String))
}

/// The strings of a list; anything else is a list of one. sprig: strslice.
fn texts(call: &mut Call<'_, '_>, value: &Value) -> Result<Vec<Text>> {
    let Some(items) = slice_elements(value) else {
        return match value.kind {
            Kind::Nil => Ok(Vec::new()),
            _ => Ok(vec![strval(call, value)?]),
        };
    };
    call.spend(items.len() as u64 / 4)?;
    items.iter().filter(|item| !matches!(item.kind, Kind::Nil)).map(|item| strval(call, item)).collect()
}

fn to_strings(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    if is_strings(args.value(0)?) {
        return Ok(args.value(0)?.clone());
    }
    let texts = texts(call, args.value(0)?)?;
    strings(call, texts)
}

fn join(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let separator = args.text(0)?;
    let mut builder = TextBuilder::new();
    for (index, text) in texts(call, args.value(1)?)?.iter().enumerate() {
        if index > 0 {
            builder.push_text(separator);
        }
        call.check_string(builder.len() + text.len())?;
        builder.push_text(text);
    }
    let text = builder.finish_or(|| args.all()[1].origin);
    call.string(text)
}

fn sort_alpha(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let value = args.value(0)?;
    if is_strings(value) && value.is_nil() {
        return Ok(value.clone());
    }
    let mut texts = match value.kind {
        // sprig prints what is not a list, nil too.
        Kind::Nil => vec![call.print(value)?],
        _ => texts(call, value)?,
    };
    call.spend(texts.len() as u64 * 2)?;
    texts.sort_by(|a, b| a.bytes().cmp(b.bytes()));
    strings(call, texts)
}

/// Cuts around a separator into at most `limit` parts. Go: strings.SplitN; no limit if it is negative.
fn parts(text: &[u8], separator: &[u8], limit: i64) -> Vec<Range<usize>> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    if limit == 0 {
        return parts;
    }
    if separator.is_empty() {
        // Each character is a part, the last one takes the rest.
        for (at, _, width) in unicode::chars(text) {
            if parts.len() + 1 == limit {
                parts.push(at..text.len());
                break;
            }
            parts.push(at..at + width);
        }
        return parts;
    }
    let (mut start, mut at) = (0, 0);
    while parts.len() + 1 < limit && at + separator.len() <= text.len() {
        if text[at..].starts_with(separator) {
            parts.push(start..at);
            at += separator.len();
            start = at;
        } else {
            at += 1;
        }
    }
    parts.push(start..text.len());
    parts
}

fn split_list(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (separator, text) = (args.text(0)?, args.text(1)?);
    let parts = parts(text.bytes(), separator.bytes(), -1);
    call.check_list(parts.len())?;
    strings(call, parts.into_iter().map(|part| text.slice(part)))
}

fn split(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (separator, text) = (args.text(0)?, args.text(1)?);
    numbered(call, text, parts(text.bytes(), separator.bytes(), -1))
}

fn splitn(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (separator, text) = (args.text(0)?, args.text(2)?);
    let Ok(limit) = args.int(1) else { return Ok(call.derived(TypeHint::Map)) };
    numbered(call, text, parts(text.bytes(), separator.bytes(), limit))
}

/// A `map[string]string` with the keys `_0`, `_1`.
fn numbered(call: &mut Call<'_, '_>, text: &Text, parts: Vec<Range<usize>>) -> Result<Value> {
    call.check_list(parts.len())?;
    let here = here(call);
    let entries = parts
        .into_iter()
        .enumerate()
        .map(|(index, part)| (Text::new(format!("_{index}"), here), Value::string(text.slice(part))));
    Ok(call.value(Kind::Map(Map::new(MapType::Strings, entries))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_as_in_go() {
        let split = |text: &str, separator: &str, limit| -> Vec<String> {
            let parts = parts(text.as_bytes(), separator.as_bytes(), limit);
            parts.into_iter().map(|part| text[part].to_owned()).collect()
        };
        assert_eq!(split("a/b/c", "/", -1), ["a", "b", "c"]);
        assert_eq!(split("a/b/c", "/", 2), ["a", "b/c"]);
        assert_eq!(split("", "/", -1), [""]);
        assert_eq!(split("a/b", "/", 0), [""; 0]);
        assert_eq!(split("aé", "", -1), ["a", "é"]);
        assert_eq!(split("abc", "", 2), ["a", "bc"]);
        assert_eq!(split("", "", -1), [""; 0]);
        assert_eq!(split("aaa", "aa", -1), ["", "a"]);
    }
}
