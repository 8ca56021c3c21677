//! Scalars whose text is not the bytes they are written with: folded lines, escapes, blocks.
//!
//! The parser says what the text is. Here it is put together again from the input, piece by piece, so that each
//! line keeps its place: the text is used only if both agree.

use std::ops::Range;

use granit_parser::ScalarStyle;
use iac_model::Text;

use super::source::{Pieces, Source};

/// The text of a scalar that `range` (without quotes) decodes to.
pub(super) fn text(source: &Source<'_>, style: ScalarStyle, range: Range<usize>, decoded: &str) -> Text {
    let mut pieces = source.pieces(range.clone());
    match style {
        ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            flow(&mut pieces, source.bytes(), range.clone(), style);
        }
        ScalarStyle::Literal | ScalarStyle::Folded => {
            block(&mut pieces, source.bytes(), range.clone(), decoded);
        }
    }
    match pieces.finish(decoded, range.start) {
        Ok(text) => text,
        Err(origin) => Text::new(decoded, origin),
    }
}

fn flow(pieces: &mut Pieces<'_>, bytes: &[u8], range: Range<usize>, style: ScalarStyle) {
    let end = range.end;
    let (mut copied, mut at) = (range.start, range.start);
    while at < end {
        match (bytes[at], style) {
            (b'\'', ScalarStyle::SingleQuoted) => {
                pieces.copy(copied..at + 1);
                at += 2;
                copied = at.min(end);
            }
            (b'\\', ScalarStyle::DoubleQuoted) => {
                pieces.copy(copied..at);
                at = escape(pieces, bytes, at, end);
                copied = at;
            }
            (b'\n' | b'\r', _) => {
                let blanks = bytes[copied..at].iter().rev().take_while(|&&byte| is_blank(byte)).count();
                pieces.copy(copied..at - blanks);
                let from = at;
                let breaks = skip_breaks(bytes, &mut at, end);
                if breaks == 1 {
                    pieces.made(b" ", from);
                } else {
                    pieces.made(&vec![b'\n'; breaks - 1], from);
                }
                copied = at;
            }
            _ => at += 1,
        }
    }
    if copied < end {
        pieces.copy(copied..end);
    }
}

/// Skips line breaks and the blanks around them; returns how many breaks there were.
fn skip_breaks(bytes: &[u8], at: &mut usize, end: usize) -> usize {
    let mut breaks = 0;
    loop {
        let line = bytes[*at..end].iter().take_while(|&&byte| is_blank(byte)).count();
        match line_break(&bytes[..end], *at + line) {
            Some(next) => {
                breaks += 1;
                *at = next;
            }
            None => {
                // The blanks that a line starts with are not content, but those behind an escape are.
                if breaks > 0 {
                    *at += line;
                }
                return breaks;
            }
        }
    }
}

/// Decodes the escape at `at` and returns where it ends.
fn escape(pieces: &mut Pieces<'_>, bytes: &[u8], at: usize, end: usize) -> usize {
    let Some(&letter) = bytes[..end].get(at + 1) else { return end };
    if matches!(letter, b'\n' | b'\r') {
        let mut next = at + 1;
        let breaks = skip_breaks(bytes, &mut next, end);
        pieces.made(&vec![b'\n'; breaks.saturating_sub(1)], at);
        return next;
    }
    let digits = match letter {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        _ => 0,
    };
    if digits > 0 {
        let next = (at + 2 + digits).min(end);
        if let Some((character, next)) = hexadecimal(bytes, at, next, end) {
            pieces.made(character.encode_utf8(&mut [0; 4]).as_bytes(), at);
            return next;
        }
        return next;
    }
    let character = match letter {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        other => char::from(other),
    };
    pieces.made(character.encode_utf8(&mut [0; 4]).as_bytes(), at);
    at + 2
}

/// Reads `\uXXXX` and its like; two that are a surrogate pair are one character.
fn hexadecimal(bytes: &[u8], at: usize, next: usize, end: usize) -> Option<(char, usize)> {
    let value = |range: Range<usize>| {
        let digits = std::str::from_utf8(bytes.get(range)?).ok()?;
        u32::from_str_radix(digits, 16).ok()
    };
    let high = value(at + 2..next)?;
    if !(0xd800..0xdc00).contains(&high) {
        return Some((char::from_u32(high)?, next));
    }
    if bytes.get(next..next + 2) != Some(b"\\u") || next + 6 > end {
        return None;
    }
    let low = value(next + 2..next + 6)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    Some((char::from_u32(0x10000 + ((high - 0xd800) << 10) + low)?, next + 6))
}

/// Block scalars: each line of content stands in the input as it is, behind its indentation. What stands between
/// two of them in the text (a line break, a blank where a line was folded) was made from the break.
fn block(pieces: &mut Pieces<'_>, bytes: &[u8], range: Range<usize>, decoded: &str) {
    let decoded = decoded.as_bytes();
    let blank = |byte: &&u8| matches!(byte, b' ' | b'\n' | b'\r');
    let content = decoded.iter().take_while(|&byte| *byte == b'\n').count();
    let lead = decoded[content..].iter().take_while(|&byte| *byte == b' ').count();
    // The parser's range starts at the first line's content, which may itself start with blanks.
    let line_start = bytes[..range.start].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let first = line_start
        + bytes[line_start..].iter().take_while(blank).count().min(range.end.saturating_sub(line_start));
    let first_line = bytes[..first].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let Some(indentation) = (first - first_line).checked_sub(lead) else { return };
    let (mut at, mut done) = (first_line, 0);
    let mut before = None;
    while at < range.end && done < decoded.len() {
        let end = line_end(bytes, at, range.end);
        let indented = bytes[at..end].iter().take(indentation).take_while(|&&byte| byte == b' ').count();
        let line = at + indented..end;
        if !line.is_empty() {
            let made = between(&decoded[done..], &bytes[line.clone()]);
            breaks(pieces, bytes, &decoded[done..done + made], before);
            done += made;
            if !decoded[done..].starts_with(&bytes[line.clone()]) {
                return;
            }
            done += line.len();
            pieces.copy(line);
            before = Some(end);
        }
        at = line_break(bytes, end).unwrap_or(bytes.len());
    }
    breaks(pieces, bytes, &decoded[done..], before);
}

/// Adds the text between two lines of a block: a line break that stands at `at` is copied, the rest is made from it.
fn breaks(pieces: &mut Pieces<'_>, bytes: &[u8], text: &[u8], at: Option<usize>) {
    match (text, at) {
        ([b'\n', rest @ ..], Some(at)) if bytes.get(at) == Some(&b'\n') => {
            pieces.copy(at..at + 1);
            pieces.made(rest, at);
        }
        (text, at) => pieces.made(text, at.unwrap_or(0)),
    }
}

/// Tells whether the first line of a block scalar starts with a tab although no indentation is given: Go refuses it.
///
/// go-yaml: scannerc.go, yaml_parser_scan_block_scalar_breaks.
pub(super) fn starts_with_tab(bytes: &[u8], range: &Range<usize>) -> bool {
    if bytes.get(range.start) != Some(&b'\t') {
        return false;
    }
    let before = bytes[..range.start].trim_ascii_end();
    let header = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    // The header ends its line, but for a comment: the last indicator in it is the scalar's.
    let line = &before[header..];
    let comment = line.windows(2).position(|pair| matches!(pair, [b' ' | b'\t', b'#'])).unwrap_or(line.len());
    !line[..comment].trim_ascii_end().iter().rev().take(2).any(u8::is_ascii_digit)
}

/// How many bytes of `decoded` were made from line breaks before `line`.
fn between(decoded: &[u8], line: &[u8]) -> usize {
    let most = decoded.iter().take_while(|&&byte| matches!(byte, b'\n' | b' ')).count();
    let fits = |&made: &usize| {
        let rest = &decoded[made..];
        rest.starts_with(line) && matches!(rest.get(line.len()), None | Some(b'\n' | b' '))
    };
    (0..=most).find(fits).unwrap_or(0)
}

fn line_end(bytes: &[u8], from: usize, end: usize) -> usize {
    bytes[from..end].iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(end, |length| from + length)
}

/// If a line break stands at `at`: where it ends.
fn line_break(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at..)? {
        [b'\r', b'\n', ..] => Some(at + 2),
        [b'\n' | b'\r', ..] => Some(at + 1),
        _ => None,
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
