//! Padding, truth values, integers and strings. Source: Go, fmt/format.go.

use iac_model::{OriginId, Text, TextBuilder};

use super::quote::can_backquote;
use super::{Flags, Printer, push_changed, push_quoted, quoted_with};
use crate::standing::open_symbol;
use crate::{Failure, Value};
use iac_gostd::unicode;

const LOWER: &[u8; 17] = b"0123456789abcdefx";
const UPPER: &[u8; 17] = b"0123456789ABCDEFX";

impl Printer<'_> {
    /// Writes bytes, padded to the width.
    pub(super) fn pad(&mut self, bytes: impl AsRef<[u8]>, origin: OriginId) -> Result<(), Failure> {
        let bytes = bytes.as_ref();
        self.padded(unicode::count(bytes), bytes.len(), origin, |out| out.push(bytes, origin))
    }

    /// Writes a text with its runs, padded to the width.
    pub(super) fn pad_text(&mut self, text: &Text, origin: OriginId) -> Result<(), Failure> {
        let chars = if self.flags.width.is_some() { unicode::count(text.bytes()) } else { 0 };
        self.padded(chars, text.len(), origin, |out| out.push_text(text))
    }

    fn padded(
        &mut self,
        chars: usize,
        len: usize,
        origin: OriginId,
        write: impl FnOnce(&mut TextBuilder),
    ) -> Result<(), Failure> {
        let padding = self.flags.width.unwrap_or(0).saturating_sub(chars);
        self.room(len.saturating_add(padding))?;
        if !self.flags.minus {
            self.padding(padding, origin);
        }
        write(&mut self.out);
        if self.flags.minus {
            self.padding(padding, origin);
        }
        Ok(())
    }

    /// Writes padding; there is room for it.
    pub(super) fn padding(&mut self, count: usize, origin: OriginId) {
        let byte = if self.flags.zero && !self.flags.minus { b'0' } else { b' ' };
        if count > 0 {
            self.out.push(vec![byte; count], origin);
        }
    }

    /// Runs `write` with the zero flag off.
    pub(super) fn without_zero<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let zero = std::mem::take(&mut self.flags.zero);
        let result = write(self);
        self.flags.zero = zero;
        result
    }

    /// Formats an integer; the verb is one of `vdboOxXcqU`, or the result is false.
    pub(super) fn integer(
        &mut self,
        magnitude: u64,
        sign: Sign,
        verb: char,
        origin: OriginId,
    ) -> Result<bool, Failure> {
        // Characters and code points are made from the two's complement.
        let bits = if sign == Sign::Negative { magnitude.wrapping_neg() } else { magnitude };
        let text = match verb {
            'v' if self.flags.sharp_v && sign == Sign::None => {
                return self.hex(magnitude, true, origin).map(|()| true);
            }
            'v' | 'd' => self.digits(magnitude, sign, 10, verb, LOWER),
            'b' => self.digits(magnitude, sign, 2, verb, LOWER),
            'o' | 'O' => self.digits(magnitude, sign, 8, verb, LOWER),
            'x' => self.digits(magnitude, sign, 16, verb, LOWER),
            'X' => self.digits(magnitude, sign, 16, verb, UPPER),
            'c' => Some(character(bits).to_string().into_bytes()),
            'q' => {
                let c = character(bits);
                let mut buffer = [0; 4];
                let quoted = quoted_with(c.encode_utf8(&mut buffer).as_bytes(), '\'', self.flags.plus);
                Some(quoted.into_bytes())
            }
            'U' => Some(self.code_point(bits)),
            _ => return Ok(false),
        };
        match text {
            // Go: precision of 0 and value of 0 means "print nothing" but padding.
            None => self.without_zero(|printer| printer.pad("", origin))?,
            Some(text) if matches!(verb, 'c' | 'q') => self.pad(text, origin)?,
            Some(text) => self.without_zero(|printer| printer.pad(text, origin))?,
        }
        Ok(true)
    }

    /// Formats as `%v` formats addresses and, under `%#v`, unsigned integers.
    pub(super) fn hex(&mut self, value: u64, prefix: bool, origin: OriginId) -> Result<(), Failure> {
        let sharp = std::mem::replace(&mut self.flags.sharp, prefix);
        let text = self.digits(value, Sign::None, 16, 'v', LOWER);
        self.flags.sharp = sharp;
        self.without_zero(|printer| printer.pad(text.unwrap_or_default(), origin))
    }

    fn digits(&self, magnitude: u64, sign: Sign, base: u64, verb: char, digits: &[u8]) -> Option<Vec<u8>> {
        let Flags { plus, space, sharp, .. } = self.flags;
        let signed = sign == Sign::Negative || plus || space;
        let precision = match self.flags.precision {
            Some(0) if magnitude == 0 => return None,
            Some(precision) => precision,
            None => match self.flags.width {
                Some(width) if self.flags.zero && !self.flags.minus => {
                    width - usize::from(signed && width > 0)
                }
                _ => 0,
            },
        };
        // Built from the last digit to the first.
        let mut out = Vec::new();
        let mut rest = magnitude;
        loop {
            out.push(digits[(rest % base) as usize]);
            rest /= base;
            if rest == 0 {
                break;
            }
        }
        while out.len() < precision {
            out.push(b'0');
        }
        if sharp {
            match base {
                2 => out.extend(b"b0"),
                8 if out.last() != Some(&b'0') => out.push(b'0'),
                16 => out.extend([digits[16], b'0']),
                _ => {}
            }
        }
        if verb == 'O' {
            out.extend(b"o0");
        }
        match sign {
            Sign::Negative => out.push(b'-'),
            Sign::None | Sign::Positive if plus => out.push(b'+'),
            Sign::None | Sign::Positive if space => out.push(b' '),
            Sign::None | Sign::Positive => {}
        }
        out.reverse();
        Some(out)
    }

    fn code_point(&self, value: u64) -> Vec<u8> {
        let digits = self.flags.precision.unwrap_or(4).max(4);
        let hex = format!("{value:X}");
        let mut out = format!("U+{}{hex}", "0".repeat(digits.saturating_sub(hex.len())));
        if self.flags.sharp
            && let Some(c) = u32::try_from(value).ok().and_then(char::from_u32)
            && unicode::is_print(c)
        {
            out.push_str(&format!(" '{c}'"));
        }
        out.into_bytes()
    }

    /// Formats a string; the verb is one of `vsxXq`, or the result is false.
    pub(super) fn string(&mut self, text: &Text, verb: char, origin: OriginId) -> Result<bool, Failure> {
        match verb {
            // What a placeholder stands for has no known digits.
            'x' | 'X' if self.is_open(text) => self.pad_text(text, origin)?,
            'v' if self.flags.sharp_v => self.quoted_string(text, origin)?,
            'v' | 's' => {
                let text = self.truncated(text);
                self.pad_text(&text, origin)?;
            }
            'x' => self.hex_string(text, LOWER, origin)?,
            'X' => self.hex_string(text, UPPER, origin)?,
            'q' => self.quoted_string(text, origin)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn is_open(&self, text: &Text) -> bool {
        !text.is_known() && open_symbol(self.store, &Value::string(text.clone())).is_some()
    }

    fn truncated(&self, text: &Text) -> Text {
        match self.flags.precision {
            None => text.clone(),
            Some(precision) => match unicode::chars(text.bytes()).nth(precision) {
                None => text.clone(),
                Some((end, ..)) => text.slice(0..end),
            },
        }
    }

    fn quoted_string(&mut self, text: &Text, origin: OriginId) -> Result<(), Failure> {
        let text = self.truncated(text);
        // An escape is at most ten bytes long.
        self.room(text.len())?;
        let mut builder = TextBuilder::with_capacity(text.len() + 2);
        if self.flags.sharp && can_backquote(text.bytes()) {
            builder.push("`", origin);
            builder.push_text(&text);
            builder.push("`", origin);
        } else {
            push_quoted(&mut builder, &text, self.flags.plus, origin);
        }
        self.pad_text(&builder.finish_or(|| origin), origin)
    }

    fn hex_string(&mut self, text: &Text, digits: &[u8; 17], origin: OriginId) -> Result<(), Failure> {
        let Flags { space, sharp, minus, .. } = self.flags;
        let len = self.flags.precision.map_or(text.len(), |precision| precision.min(text.len()));
        let mut width = 2 * len;
        if len > 0 && space {
            width = width * (1 + usize::from(sharp)) + len - 1;
        } else if len > 0 && sharp {
            width += 2;
        }
        let padding = self.flags.width.unwrap_or(0).saturating_sub(width);
        self.room(width.saturating_add(padding))?;
        // Go: an empty string is padded on the left, whatever the flag says.
        if !minus || len == 0 {
            self.padding(padding, origin);
        }
        for (range, run) in text.runs_in(0..len) {
            let mut out = Vec::with_capacity(3 * range.len());
            for at in range {
                if at == 0 && sharp {
                    out.extend([b'0', digits[16]]);
                }
                if at > 0 && space {
                    out.push(b' ');
                    if sharp {
                        out.extend([b'0', digits[16]]);
                    }
                }
                let byte = text.bytes()[at];
                out.extend([digits[usize::from(byte >> 4)], digits[usize::from(byte & 15)]]);
            }
            push_changed(&mut self.out, out, run);
        }
        if minus && len > 0 {
            self.padding(padding, origin);
        }
        Ok(())
    }
}

/// The sign of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Negative,
    /// Its type has no sign.
    None,
    Positive,
}

/// The character of a code point; the replacement character for none.
fn character(value: u64) -> char {
    u32::try_from(value).ok().and_then(char::from_u32).unwrap_or(unicode::REPLACEMENT)
}
