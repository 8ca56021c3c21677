//! Syntax that Go's parser takes and ours does not: what is in its way has no meaning, so it becomes blanks.

use std::ops::Range;

use granit_parser::{ErrorKind, Event, Options, Parser, StructureStyle};

/// How often a text is looked through for such places.
const ROUNDS: usize = 32;

/// How many bytes are looked at in all.
const BYTES: usize = 64 << 20;

/// The text with blanks for what is in the parser's way; no offset changes.
pub(super) fn mended(text: &str, options: &Options) -> String {
    let mut text = text.to_owned();
    let rounds = (BYTES / text.len().max(1)).clamp(1, ROUNDS);
    for _ in 0..rounds {
        let places = first_places(&text, options);
        if places.is_empty() {
            break;
        }
        text = blank_out(&text, &places);
    }
    text
}

/// What to blank out first.
fn first_places(text: &str, options: &Options) -> Vec<Range<usize>> {
    let mut parser = Parser::new_from_str_with_options(text, options.clone());
    let mut is_flow = Vec::new();
    loop {
        match parser.next_event() {
            Some(Ok((event, _))) => match event {
                Event::DocumentStart(..) => is_flow.clear(),
                Event::MappingStart(style, ..) | Event::SequenceStart(style, ..) => {
                    is_flow.push(style == StructureStyle::Flow);
                }
                Event::MappingEnd | Event::SequenceEnd => drop(is_flow.pop()),
                _ => {}
            },
            Some(Err(error)) => {
                let is_in_flow = is_flow.last().copied().unwrap_or_default();
                let at = error.marker().byte_offset().unwrap_or_default();
                let places = places(text, error.kind(), at, is_in_flow);
                if !places.is_empty() {
                    return places;
                }
            }
            None => match parser.proceed_next_document() {
                Ok(true) => is_flow.clear(),
                Ok(false) | Err(_) => return Vec::new(),
            },
        }
    }
}

fn blank_out(text: &str, places: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for place in places {
        out.push_str(&text[copied..place.start]);
        out.extend(std::iter::repeat_n(' ', place.len()));
        copied = place.end;
    }
    out.push_str(&text[copied..]);
    out
}

/// What to blank out because of an error at `at`; nothing, if that cannot help.
pub(super) fn places(text: &str, error: &ErrorKind, at: usize, is_in_flow: bool) -> Vec<Range<usize>> {
    match error {
        // `[]# comment`
        ErrorKind::CommentNotSeparated if text.get(at..).is_some_and(|rest| rest.starts_with('#')) => {
            let length = text[at..].find(['\n', '\r']).unwrap_or(text.len() - at);
            std::iter::once(at..at + length).collect()
        }
        // JSON that is indented by tabs, as the value of a block mapping.
        ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabNotAllowed
            if is_in_flow =>
        {
            leading_tabs(text, at)
        }
        _ => Vec::new(),
    }
}

/// The tabs in the indentation of the line at `at` and of those below, as long as they have some.
fn leading_tabs(text: &str, at: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut line =
        bytes[..at.min(bytes.len())].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let mut tabs = Vec::new();
    while line < bytes.len() {
        let indentation = bytes[line..].iter().take_while(|&&byte| matches!(byte, b' ' | b'\t')).count();
        let before = tabs.len();
        let in_line = bytes[line..line + indentation].iter().enumerate();
        tabs.extend(in_line.filter(|&(_, &byte)| byte == b'\t').map(|(at, _)| line + at..line + at + 1));
        if tabs.len() == before {
            break;
        }
        match bytes[line..].iter().position(|&byte| byte == b'\n') {
            Some(length) => line += length + 1,
            None => break,
        }
    }
    tabs
}
