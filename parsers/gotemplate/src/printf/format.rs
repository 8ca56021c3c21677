//! Format strings. Source: Go, fmt/print.go, doPrintf.

use iac_model::{OriginId, Text};

use super::{Flags, Printer};
use crate::{Failure, Value};
use iac_gostd::unicode;

/// The largest width, precision or index; larger numbers count as malformed.
const LARGEST: i64 = 1_000_000;

/// Where the reader of a format stands.
struct Reader<'a> {
    format: &'a [u8],
    at: usize,
    operands: &'a [Value],
    /// The operand that the next verb takes.
    next: usize,
    /// Some directive named an operand by index.
    reordered: bool,
    /// The current directive's indexes are right.
    good_index: bool,
}

impl Printer<'_> {
    /// `fmt.Sprintf`. What has no other origin gets `origin`: error texts without an operand.
    pub(crate) fn printf(
        &mut self,
        format: &Text,
        operands: &[Value],
        origin: OriginId,
    ) -> Result<(), Failure> {
        let mut reader =
            Reader { format: format.bytes(), at: 0, operands, next: 0, reordered: false, good_index: true };
        loop {
            let start = reader.at;
            reader.at = start + reader.rest().iter().position(|&b| b == b'%').unwrap_or(reader.rest().len());
            self.room(reader.at - start)?;
            self.out.push_slice(format, start..reader.at);
            if reader.at >= reader.format.len() {
                break;
            }
            reader.at += 1;
            self.directive(&mut reader, origin)?;
        }
        if !reader.reordered && reader.next < operands.len() {
            self.extra(&operands[reader.next..], origin)?;
        }
        Ok(())
    }

    /// One directive; its `%` is read.
    fn directive(&mut self, reader: &mut Reader<'_>, origin: OriginId) -> Result<(), Failure> {
        self.flags = Flags::default();
        reader.good_index = true;
        while let Some(byte) = reader.peek() {
            match byte {
                b'#' => self.flags.sharp = true,
                b'0' => self.flags.zero = true,
                b'+' => self.flags.plus = true,
                b'-' => self.flags.minus = true,
                b' ' => self.flags.space = true,
                _ => break,
            }
            reader.at += 1;
        }
        let mut after_index = reader.index();
        if reader.peek() == Some(b'*') {
            reader.at += 1;
            match reader.number_operand() {
                None => self.write("%!(BADWIDTH)", origin)?,
                Some(width) => {
                    if width < 0 {
                        self.flags.minus = true;
                        self.flags.zero = false;
                    }
                    self.flags.width = Some(width.unsigned_abs() as usize);
                }
            }
            after_index = false;
        } else {
            self.flags.width = reader.number();
            if after_index && self.flags.width.is_some() {
                reader.good_index = false;
            }
        }
        if reader.peek() == Some(b'.') && reader.at + 1 < reader.format.len() {
            reader.at += 1;
            if after_index {
                reader.good_index = false;
            }
            after_index = reader.index();
            if reader.peek() == Some(b'*') {
                reader.at += 1;
                match reader.number_operand().filter(|&precision| precision >= 0) {
                    None => self.write("%!(BADPREC)", origin)?,
                    Some(precision) => self.flags.precision = Some(precision as usize),
                }
                after_index = false;
            } else {
                self.flags.precision = Some(reader.number().unwrap_or(0));
            }
        }
        if !after_index {
            reader.index();
        }
        self.verb(reader, origin)
    }

    fn verb(&mut self, reader: &mut Reader<'_>, origin: OriginId) -> Result<(), Failure> {
        let (verb, width) = unicode::decode(reader.rest());
        if width == 0 {
            return self.write("%!(NOVERB)", origin);
        }
        reader.at += width;
        if verb == '%' {
            return self.write("%", origin);
        }
        if !reader.good_index {
            return self.write(format!("%!{verb}(BADINDEX)"), origin);
        }
        let Some(operand) = reader.operands.get(reader.next) else {
            return self.write(format!("%!{verb}(MISSING)"), origin);
        };
        if matches!(verb, 'v' | 'w') {
            self.flags.sharp_v = std::mem::take(&mut self.flags.sharp);
            self.flags.plus_v = std::mem::take(&mut self.flags.plus);
        }
        reader.next += 1;
        self.operand(operand, verb)
    }

    /// Complains about operands that no directive took.
    fn extra(&mut self, operands: &[Value], origin: OriginId) -> Result<(), Failure> {
        self.flags = Flags::default();
        self.write("%!(EXTRA ", origin)?;
        for (index, operand) in operands.iter().enumerate() {
            if index > 0 {
                self.write(", ", origin)?;
            }
            if !matches!(operand.kind, crate::Kind::Nil) {
                self.write(format!("{}=", operand.type_name()), operand.origin)?;
            }
            self.operand(operand, 'v')?;
        }
        self.write(")", origin)
    }
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.format[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    /// A decimal number. One that is too large swallows the rest of the format, as in Go.
    fn number(&mut self) -> Option<usize> {
        let (number, at) = parse_number(self.format, self.at, self.format.len());
        self.at = at;
        number.map(|number| number as usize)
    }

    /// An operand's index, `[2]`, if one stands here.
    fn index(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let start = self.at;
        let close = self.rest().iter().position(|&b| b == b']').filter(|_| self.rest().len() >= 3);
        let Some(close) = close.map(|close| start + close) else {
            self.at += 1;
            self.good_index = false;
            return false;
        };
        self.at = close + 1;
        let (number, end) = parse_number(self.format, start + 1, close);
        let number = number.filter(|_| end == close);
        match number {
            Some(number) if number >= 1 && (number as usize) <= self.operands.len() => {
                self.next = number as usize - 1;
            }
            _ => self.good_index = false,
        }
        number.is_some()
    }

    /// The next operand as a width or precision.
    fn number_operand(&mut self) -> Option<i64> {
        let operand = self.operands.get(self.next)?;
        self.next += 1;
        operand.as_i64().filter(|number| (-LARGEST..=LARGEST).contains(number))
    }
}

/// Reads digits; returns where they end, or `end` when the number is too large.
fn parse_number(format: &[u8], start: usize, end: usize) -> (Option<i64>, usize) {
    let mut number: Option<i64> = None;
    let mut at = start;
    while at < end && format[at].is_ascii_digit() {
        let so_far = number.unwrap_or(0);
        if so_far > LARGEST {
            return (None, end);
        }
        number = Some(so_far * 10 + i64::from(format[at] - b'0'));
        at += 1;
    }
    (number, at)
}
