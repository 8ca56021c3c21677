//! Bytes into text: what Go's reader refuses is refused here too.

use std::borrow::Cow;
use std::fmt;

/// A text that can be parsed, byte for byte as long as its input.
#[derive(Debug)]
pub(super) struct Checked<'a> {
    /// The input; bytes that are no text are blanked out.
    pub(super) text: Cow<'a, str>,
    /// Where they are, in order.
    pub(super) unreadable: Vec<Unreadable>,
    /// Why nothing can be read.
    pub(super) refused: Option<&'static str>,
}

/// A byte that is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    /// Its offset.
    pub(super) at: usize,
    /// What is wrong with it.
    pub(super) reason: Reason,
}

/// Why a byte is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// YAML has no such character.
    Control(char),
    /// It is not UTF-8.
    NotUtf8(u8),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Control(character) => {
                write!(f, "control characters are not allowed (U+{:04X})", u32::from(*character))
            }
            Self::NotUtf8(byte) => write!(f, "the text is not UTF-8 (byte 0x{byte:02x})"),
        }
    }
}

/// Offsets are four bytes; a file that does not fit is not configuration.
const LONGEST: usize = u32::MAX as usize;

/// Checks a whole input.
pub(super) fn check(bytes: &[u8]) -> Checked<'_> {
    let refused = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("the text is UTF-16; only UTF-8 is read"),
        _ if bytes.len() > LONGEST => Some("the text is longer than 4 GiB"),
        _ => None,
    };
    if refused.is_some() {
        return Checked { text: Cow::Borrowed(""), unreadable: Vec::new(), refused };
    }
    let mut unreadable = Vec::new();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !bytes.iter().any(|&byte| may_be_control(byte)) => Cow::Borrowed(text),
        Ok(text) if !text.chars().any(is_control) => Cow::Borrowed(text),
        Ok(_) | Err(_) => Cow::Owned(blank_out(bytes, &mut unreadable)),
    };
    Checked { text, unreadable, refused: None }
}

/// Puts an `x` in the place of each byte that is no text, so that it does not hide what comes behind.
fn blank_out(bytes: &[u8], unreadable: &mut Vec<Unreadable>) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if is_control(character) {
                unreadable.push(Unreadable { at: text.len(), reason: Reason::Control(character) });
                text.extend(std::iter::repeat_n('x', character.len_utf8()));
            } else {
                text.push(character);
            }
        }
        for &byte in chunk.invalid() {
            unreadable.push(Unreadable { at: text.len(), reason: Reason::NotUtf8(byte) });
            text.push('x');
        }
    }
    text
}

/// First bytes of all characters for which [`is_control`] holds, and few others.
fn may_be_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || matches!(byte, 0x7f | 0xc2 | 0xef)
}

/// go-yaml: readerc.go, yaml_parser_update_buffer.
fn is_control(character: char) -> bool {
    !matches!(
        character,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_stay_and_reasons_are_told() {
        let checked = check(b"a\xffb\x07\xc2\x80c");
        assert_eq!(checked.text.len(), 7);
        let found: Vec<_> = checked.unreadable.iter().map(|unreadable| unreadable.at).collect();
        assert_eq!(found, [1, 3, 4]);
        assert!(check("caf\u{e9} \u{1F600} \u{feff}".as_bytes()).unreadable.is_empty());
        assert!(check(b"\xff\xfea\0").refused.is_some());
    }
}
