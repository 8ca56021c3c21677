//! Scalars: the four ways to write one.

use std::borrow::Cow;

use iac_model::{OriginId, Text};

use super::style::{self, Allowed, Style, analyze, break_width, is_printable, width};
use super::writer::{Dialect, Emitter, Place, Space};

/// Text folds at the first blank behind this column.
const WIDTH: usize = 80;

/// Base64 is broken into lines of this length.
const BASE64_LINE: usize = 70;

/// A scalar that is ready to be written.
pub(super) struct Scalar<'a> {
    text: Cow<'a, Text>,
    wanted: Style,
    pub(super) allowed: Allowed,
    tag: &'static str,
}

impl<'a> Scalar<'a> {
    /// A word or a number.
    pub(super) fn plain(text: &str, origin: OriginId) -> Self {
        let allowed = analyze(text.as_bytes(), false);
        Self { text: Cow::Owned(Text::new(text, origin)), wanted: Style::Plain, allowed, tag: "" }
    }

    /// A string.
    ///
    /// go-yaml: encode.go, encoder.stringv; go-cty-yaml: encode.go, Converter.marshalPrimitive.
    pub(super) fn string(text: &'a Text, dialect: Dialect) -> Self {
        let (text, tag) = match std::str::from_utf8(text.bytes()) {
            Ok(_) => (Cow::Borrowed(text), ""),
            Err(_) => (Cow::Owned(Text::new(base64_lines(text.bytes()), text.origin())), "!!binary"),
        };
        let string = text.to_str_lossy();
        let is_v3 = dialect == Dialect::V3;
        let wanted = if string.contains('\n') {
            Style::Literal
        } else if dialect == Dialect::Terraform || tag.is_empty() && style::reads_as_other(&string, is_v3) {
            Style::DoubleQuoted
        } else {
            Style::Plain
        };
        let allowed = analyze(text.bytes(), is_v3);
        drop(string);
        Self { text, wanted, allowed, tag }
    }

    /// Bytes of the scalar and its tag.
    pub(super) fn length(&self) -> usize {
        self.text.len() + self.tag.len()
    }

    /// Writes the scalar; `outer` is the origin of its quotes and its indentation.
    pub(super) fn write(&self, emitter: &mut Emitter, place: Place, outer: OriginId) {
        let is_simple_key = place == Place::SimpleKey;
        if !self.tag.is_empty() {
            if !emitter.whitespace {
                emitter.put(b" ", outer);
            }
            emitter.put(self.tag.as_bytes(), outer);
            emitter.whitespace = false;
            emitter.indention = false;
        }
        let mut writer =
            Writer { emitter, text: &self.text, bytes: self.text.bytes(), outer, may_fold: !is_simple_key };
        match self.allowed.choose(self.wanted, self.text.is_empty(), is_simple_key) {
            Style::DoubleQuoted => writer.double_quoted(),
            Style::Literal => writer.literal(),
            Style::Plain => {
                writer.plain();
                emitter.open_ended |= place == Place::Root;
            }
            Style::SingleQuoted => writer.single_quoted(),
        }
    }
}

struct Writer<'a> {
    emitter: &'a mut Emitter,
    text: &'a Text,
    bytes: &'a [u8],
    outer: OriginId,
    may_fold: bool,
}

impl Writer<'_> {
    fn plain(&mut self) {
        if !self.emitter.whitespace && !self.bytes.is_empty() {
            self.emitter.put(b" ", self.outer);
        }
        self.words(Quotes::None);
        self.emitter.whitespace = false;
        self.emitter.indention = false;
    }

    fn single_quoted(&mut self) {
        self.emitter.indicator(b"'", Space::Before, self.outer);
        self.words(Quotes::Single);
        self.emitter.indicator(b"'", Space::None, self.outer);
        self.emitter.whitespace = false;
        self.emitter.indention = false;
    }

    /// go-yaml: emitterc.go, yaml_emitter_write_plain_scalar and yaml_emitter_write_single_quoted_scalar.
    fn words(&mut self, quotes: Quotes) {
        let (mut spaces, mut breaks) = (false, false);
        let mut at = 0;
        while at < self.bytes.len() {
            let rest = &self.bytes[at..];
            let break_width = break_width(rest);
            if rest[0] == b' ' {
                // A plain scalar has no blank at either end; the first character of a quoted one never folds.
                let is_inside = at > 0 && at + 1 < self.bytes.len();
                if self.folds_here(spaces) && rest.get(1) != Some(&b' ') && is_inside {
                    self.emitter.write_indent(self.outer);
                } else {
                    self.emitter.copy(self.text, at..at + 1);
                }
                spaces = true;
                at += 1;
            } else if break_width > 0 {
                if !breaks && rest[0] == b'\n' {
                    self.emitter.put_break(self.outer);
                }
                self.emitter.copy_break(self.text, at, break_width);
                self.mark_indention();
                breaks = true;
                at += break_width;
            } else {
                if breaks {
                    self.emitter.write_indent(self.outer);
                }
                let is_end = |at: usize| matches!(self.bytes[at], b' ' | b'\n' | b'\r' | b'\'' | 0xc2 | 0xe2);
                let mut end = at + width(rest[0]);
                while end < self.bytes.len() && !is_end(end) {
                    end += width(self.bytes[end]);
                }
                if quotes == Quotes::Single && rest[0] == b'\'' {
                    self.emitter.put(b"'", self.outer);
                }
                self.emitter.copy(self.text, at..end);
                self.emitter.indention = false;
                (spaces, breaks) = (false, false);
                at = end;
            }
        }
    }

    /// go-yaml: emitterc.go, yaml_emitter_write_double_quoted_scalar.
    fn double_quoted(&mut self) {
        // Go looks for a byte order mark at the start of the text, whatever the character is it asks for.
        let has_mark = self.bytes.starts_with("\u{feff}".as_bytes());
        self.emitter.indicator(b"\"", Space::Before, self.outer);
        let mut spaces = false;
        let mut at = 0;
        while at < self.bytes.len() {
            let rest = &self.bytes[at..];
            let width = width(rest[0]);
            if has_mark || !is_printable(rest) || break_width(rest) > 0 || matches!(rest[0], b'"' | b'\\') {
                self.escape(at, width);
                spaces = false;
            } else if rest[0] == b' ' {
                if self.folds_here(spaces) && at > 0 && at + 1 < self.bytes.len() {
                    self.emitter.write_indent(self.outer);
                    if rest.get(1) == Some(&b' ') {
                        self.emitter.put(b"\\", self.outer);
                    }
                } else {
                    self.emitter.copy(self.text, at..at + 1);
                }
                spaces = true;
            } else {
                self.emitter.copy(self.text, at..at + width);
                spaces = false;
            }
            at += width;
        }
        self.emitter.indicator(b"\"", Space::None, self.outer);
        self.emitter.whitespace = false;
        self.emitter.indention = false;
    }

    fn escape(&mut self, at: usize, width: usize) {
        let character = std::str::from_utf8(&self.bytes[at..at + width]).ok();
        let code = character.and_then(|text| text.chars().next()).map_or(0xfffd, u32::from);
        let escaped = match code {
            0x00 => r"\0".to_owned(),
            0x07 => r"\a".to_owned(),
            0x08 => r"\b".to_owned(),
            0x09 => r"\t".to_owned(),
            0x0a => r"\n".to_owned(),
            0x0b => r"\v".to_owned(),
            0x0c => r"\f".to_owned(),
            0x0d => r"\r".to_owned(),
            0x1b => r"\e".to_owned(),
            0x22 => r#"\""#.to_owned(),
            0x5c => r"\\".to_owned(),
            0x85 => r"\N".to_owned(),
            0xa0 => r"\_".to_owned(),
            0x2028 => r"\L".to_owned(),
            0x2029 => r"\P".to_owned(),
            _ if code <= 0xff => format!(r"\x{code:02X}"),
            _ if code <= 0xffff => format!(r"\u{code:04X}"),
            _ => format!(r"\U{code:08X}"),
        };
        self.emitter.put(escaped.as_bytes(), self.text.run_at(at).origin);
    }

    /// go-yaml: emitterc.go, yaml_emitter_write_literal_scalar and yaml_emitter_write_block_scalar_hints.
    fn literal(&mut self) {
        self.emitter.indicator(b"|", Space::Before, self.outer);
        if self.bytes[0] == b' ' || break_width(self.bytes) > 0 {
            self.emitter.indicator(b"2", Space::None, self.outer);
        }
        let last = last_break(self.bytes);
        let is_open =
            last > 0 && (last == self.bytes.len() || last_break(&self.bytes[..self.bytes.len() - last]) > 0);
        match (last, is_open) {
            (0, _) => self.emitter.indicator(b"-", Space::None, self.outer),
            (_, true) => self.emitter.indicator(b"+", Space::None, self.outer),
            (_, false) => {}
        }
        self.emitter.put_break(self.outer);
        self.mark_indention();
        self.emitter.whitespace = true;
        let mut breaks = true;
        let mut at = 0;
        while at < self.bytes.len() {
            let break_width = break_width(&self.bytes[at..]);
            if break_width > 0 {
                self.emitter.copy_break(self.text, at, break_width);
                self.mark_indention();
                breaks = true;
                at += break_width;
                continue;
            }
            if breaks {
                self.emitter.write_indent(self.outer);
            }
            let mut end = at + width(self.bytes[at]);
            while end < self.bytes.len() && style::break_width(&self.bytes[end..]) == 0 {
                end += width(self.bytes[end]);
            }
            self.emitter.copy(self.text, at..end);
            self.emitter.indention = false;
            breaks = false;
            at = end;
        }
    }

    fn folds_here(&self, after_space: bool) -> bool {
        // go-yaml v3 has no best width.
        self.may_fold && !after_space && self.emitter.column > WIDTH && self.emitter.dialect != Dialect::V3
    }

    /// go-yaml v3 does this for every line break.
    fn mark_indention(&mut self) {
        if self.emitter.dialect != Dialect::V3 {
            self.emitter.indention = true;
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    None,
    Single,
}

/// Bytes of the line break at the end, or 0.
fn last_break(bytes: &[u8]) -> usize {
    match bytes {
        [.., b'\n' | b'\r'] => 1,
        [.., 0xc2, 0x85] => 2,
        [.., 0xe2, 0x80, 0xa8 | 0xa9] => 3,
        _ => 0,
    }
}

/// go-yaml: resolve.go, encodeBase64.
fn base64_lines(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut digits = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits =
            group.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            digits.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    if digits.len() < BASE64_LINE {
        return digits;
    }
    let mut lines = String::with_capacity(digits.len() + digits.len() / BASE64_LINE + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && index % BASE64_LINE == 0 {
            lines.push('\n');
        }
        lines.push(digit);
    }
    lines.push('\n');
    lines
}
