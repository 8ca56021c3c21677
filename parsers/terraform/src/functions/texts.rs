//! Work on strings of which parts are symbols.

use std::ops::Range;

use iac_hcl::{Type, Value};
use iac_model::{Reason, Store, SymbolId, Text, TextBuilder};

use super::Call;

/// A stretch of a text: a symbol, or all that is known between two symbols.
pub(super) struct Segment {
    pub(super) range: Range<usize>,
    pub(super) symbol: Option<SymbolId>,
}

/// Cuts a text at its symbols; known runs with different origins are one segment.
pub(super) fn segments(text: &Text) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::new();
    for (range, run) in text.runs() {
        match out.last_mut() {
            Some(last) if last.symbol.is_none() && run.symbol.is_none() => last.range.end = range.end,
            _ => out.push(Segment { range, symbol: run.symbol }),
        }
    }
    out
}

/// What is known before the first symbol.
pub(super) fn prefix(text: &Text) -> &[u8] {
    match segments(text).first() {
        Some(Segment { symbol: None, range }) => &text.bytes()[range.clone()],
        _ => b"",
    }
}

/// What is known behind the last symbol.
pub(super) fn suffix(text: &Text) -> &[u8] {
    match segments(text).last() {
        Some(Segment { symbol: None, range }) => &text.bytes()[range.clone()],
        _ => b"",
    }
}

/// Tells whether a text is surely not empty: some of it is known, or it is what a provider always gives.
pub(super) fn surely_not_empty(store: &Store, text: &Text) -> bool {
    segments(text).iter().any(|segment| match segment.symbol {
        None => !segment.range.is_empty(),
        Some(symbol) => is_identifier(store, symbol),
    })
}

/// Tells whether a symbol is an ID or ARN that a provider computes: never empty, never blank at its ends.
pub(super) fn is_identifier(store: &Store, symbol: SymbolId) -> bool {
    let symbol = store.symbols.get(symbol);
    let attribute = symbol.attribute.as_deref().unwrap_or_default();
    let last = attribute.rsplit(['.', '_']).next().unwrap_or_default();
    symbol.reason == Reason::Computed && symbol.resource.is_some() && matches!(last, "arn" | "id")
}

/// Tells whether a symbol is what a provider gives: such strings have no blanks at their ends.
pub(super) fn is_attribute(store: &Store, symbol: SymbolId) -> bool {
    let symbol = store.symbols.get(symbol);
    matches!(symbol.reason, Reason::Computed | Reason::Data) && symbol.resource.is_some()
}

/// Maps what is known with `map`, and each symbol to the symbol of the same call on it alone. Right for functions
/// that work on each part of a string by itself.
pub(super) fn each_part(call: &Call<'_>, text: &Text, mut map: impl FnMut(&str) -> String) -> Text {
    let mut builder = TextBuilder::with_capacity(text.len());
    for (range, run) in text.runs() {
        match run.symbol {
            Some(symbol) => push_derived(call, &mut builder, symbol, &[]),
            None => {
                let known = String::from_utf8_lossy(&text.bytes()[range.clone()]);
                let mapped = map(&known);
                if mapped.as_bytes() == &text.bytes()[range.clone()] {
                    builder.push_slice(text, range);
                } else {
                    builder.push(mapped, run.origin);
                }
            }
        }
    }
    builder.finish_or(|| call.origin())
}

/// Appends the symbol of this call on another symbol.
pub(super) fn push_derived(call: &Call<'_>, builder: &mut TextBuilder, symbol: SymbolId, others: &[&Value]) {
    let value = Value::unknown(symbol, Type::String, call.origin());
    let mut inputs = vec![&value];
    inputs.extend(others);
    let derived = call.unknown_of(&inputs, Type::String);
    if let Some(unknown) = derived.as_unknown() {
        builder.push_symbol(&call.store().symbols, unknown.symbol, call.origin());
    }
}
