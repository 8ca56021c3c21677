//! The syntax of format strings; cty: stdlib/format_fsm.rl.

use std::ops::Range;

/// One `%...` of a format string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Verb {
    /// Its letter.
    pub(super) mode: char,
    /// Which argument it prints, from 0.
    pub(super) argument: usize,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

/// A piece of a format string.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// These bytes as they stand.
    Literal(Range<usize>),
    Verb(Verb, Range<usize>),
}

/// Cuts a format string; the error is a phrase.
pub(super) fn parse(format: &str) -> Result<Vec<Piece>, String> {
    let bytes = format.as_bytes();
    let (mut pieces, mut at, mut next) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        let Some(found) = bytes[at..].iter().position(|&byte| byte == b'%') else {
            pieces.push(Piece::Literal(at..bytes.len()));
            break;
        };
        let start = at + found;
        if bytes.get(start + 1) == Some(&b'%') {
            pieces.push(Piece::Literal(at..start + 1));
            at = start + 2;
            continue;
        }
        if start > at {
            pieces.push(Piece::Literal(at..start));
        }
        let (verb, end) = verb(format, start, next)?;
        next = verb.argument + 1;
        pieces.push(Piece::Verb(verb, start..end));
        at = end;
    }
    Ok(pieces)
}

fn verb(format: &str, start: usize, next: usize) -> Result<(Verb, usize), String> {
    let bytes = format.as_bytes();
    let mut verb = Verb { argument: next, ..Verb::default() };
    let mut at = start + 1;
    while let Some(flag) = bytes.get(at) {
        match flag {
            b'0' => verb.zero = true,
            b'#' => verb.sharp = true,
            b'-' => verb.minus = true,
            b'+' => verb.plus = true,
            b' ' => verb.space = true,
            _ => break,
        }
        at += 1;
    }
    verb.width = number(bytes, &mut at);
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        verb.precision = Some(number(bytes, &mut at).unwrap_or(0));
    }
    if bytes.get(at) == Some(&b'[') {
        at += 1;
        let is_index = matches!(bytes.get(at), Some(b'1'..=b'9'));
        let index = number(bytes, &mut at).filter(|_| is_index);
        match (index, bytes.get(at)) {
            (Some(index), Some(b']')) => verb.argument = index - 1,
            _ => return Err(unexpected(format, at)),
        }
        at += 1;
    }
    match bytes.get(at) {
        Some(letter) if letter.is_ascii_alphabetic() => {
            verb.mode = char::from(*letter);
            Ok((verb, at + 1))
        }
        _ => Err(unexpected(format, at)),
    }
}

fn number(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let digits = bytes[*at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = &bytes[*at..*at + digits];
    *at += digits;
    let value = text
        .iter()
        .fold(0_usize, |value, digit| value.saturating_mul(10).saturating_add(usize::from(digit - b'0')));
    (digits > 0).then_some(value)
}

fn unexpected(format: &str, at: usize) -> String {
    match format.get(at..).and_then(|rest| rest.chars().next()) {
        Some(c) => format!("unrecognized format character {c:?} at offset {at}"),
        None => format!("invalid format string starting at offset {at}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_have_flags_width_precision_and_index() {
        let pieces = parse("a%%b%-08.3[2]f%s").expect("it is right");
        let verb = Verb {
            mode: 'f',
            argument: 1,
            minus: true,
            zero: true,
            width: Some(8),
            precision: Some(3),
            ..Verb::default()
        };
        let text = Verb { mode: 's', argument: 2, ..Verb::default() };
        assert_eq!(
            pieces,
            [Piece::Literal(0..2), Piece::Literal(3..4), Piece::Verb(verb, 4..14), Piece::Verb(text, 14..16)]
        );
    }

    #[test]
    fn errors_name_the_place() {
        assert_eq!(parse("%").unwrap_err(), "invalid format string starting at offset 1");
        assert_eq!(parse("%[0]s").unwrap_err(), "unrecognized format character ']' at offset 3");
        assert_eq!(parse("%é").unwrap_err(), "unrecognized format character 'é' at offset 1");
    }
}
