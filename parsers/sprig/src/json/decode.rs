//! Reading JSON.

use std::ops::Range;

use iac_gostd::unicode;
use iac_gotemplate::{Call, Failure, Kind, Limit, VALUE_DEPTH, Value};
use iac_model::{OriginId, Text, TextBuilder};

use crate::go::rune;

/// Why a text is not JSON, or not such as fits a value, worded as Go does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A character that cannot stand where it does.
    #[error("invalid character {character} {context}")]
    Character {
        /// It, in quotes.
        character: String,
        /// Where it stands.
        context: String,
    },
    /// The text ends too early.
    #[error("unexpected end of JSON input")]
    End,
    /// A number that no float can hold.
    #[error("json: cannot unmarshal number {0} into Go value of type float64")]
    Number(String),
}

/// What was read.
#[derive(Debug)]
pub struct Decoded {
    /// The value; `None` if the text is not JSON. Numbers are floats.
    pub value: Option<Value>,
    /// What is wrong. A number out of range is an error, but the value is there, with nil in its place.
    pub error: Option<DecodeError>,
}

/// Reads a text as Go's JSON decoder reads it into an `interface {}`. Strings and keys keep their runs; a placeholder
/// that stands for a value becomes an unknown again.
///
/// # Errors
/// When the value would nest too deeply.
pub fn decode(call: &mut Call<'_, '_>, text: &Text) -> Result<Decoded, Failure> {
    call.spend(text.len() as u64 / 8)?;
    let mut decoder = Decoder { call, text, bytes: text.bytes(), at: 0, out_of_range: None };
    let value = decoder.document();
    let out_of_range = decoder.out_of_range.take();
    match value {
        Ok(value) => Ok(Decoded { value: Some(value), error: out_of_range }),
        Err(Stop::Broken(error)) => Ok(Decoded { value: None, error: Some(error) }),
        Err(Stop::Failure(failure)) => Err(failure),
    }
}

/// Why reading ends early.
enum Stop {
    Broken(DecodeError),
    Failure(Failure),
}

struct Decoder<'w, 'c, 'e> {
    call: &'w mut Call<'c, 'e>,
    text: &'w Text,
    bytes: &'w [u8],
    at: usize,
    out_of_range: Option<DecodeError>,
}

impl Decoder<'_, '_, '_> {
    fn document(&mut self) -> Result<Value, Stop> {
        let value = self.value(0)?;
        self.skip_blanks();
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(self.unexpected("after top-level value")),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Stop> {
        self.skip_blanks();
        let start = self.at;
        let Some(byte) = self.peek() else { return Err(Stop::Broken(DecodeError::End)) };
        if depth > VALUE_DEPTH {
            return Err(Stop::Failure(Limit::ValueDepth.into()));
        }
        if let Some(symbol) = self.placeholder() {
            return Ok(symbol);
        }
        match byte {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => Ok(Value::string(self.string()?)),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true", Kind::Bool(true)),
            b'f' => self.word("false", Kind::Bool(false)),
            b'n' => self.word("null", Kind::Nil),
            _ => {
                self.at = start;
                Err(self.unexpected("looking for beginning of value"))
            }
        }
    }

    /// A whole symbol in place of a value.
    fn placeholder(&mut self) -> Option<Value> {
        let (range, run) = self.text.runs_in(self.at..self.at + 1).next()?;
        run.symbol?;
        let end = self.text.runs().find(|(run, _)| run.contains(&range.start))?.0.end;
        let symbol = self.text.slice(self.at..end).as_symbol(&self.call.store().symbols)?;
        self.at = end;
        Some(Value::new(Kind::Unknown(symbol), run.origin))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Stop> {
        let start = self.at;
        self.at += 1;
        let mut entries = Vec::new();
        self.skip_blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::map(entries, self.origin(start..self.at)));
        }
        loop {
            self.skip_blanks();
            self.expect(b'"', "looking for beginning of object key string")?;
            self.at -= 1;
            let key = self.string()?;
            self.skip_blanks();
            self.expect(b':', "after object key")?;
            let value = self.value(depth + 1)?;
            entries.push((key, value));
            self.call.check_list(entries.len()).map_err(Stop::Failure)?;
            self.skip_blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::map(entries, self.origin(start..self.at)));
                }
                _ => return Err(self.unexpected("after object key:value pair")),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Stop> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        self.skip_blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::list(items, self.origin(start..self.at)));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.call.check_list(items.len()).map_err(Stop::Failure)?;
            self.skip_blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::list(items, self.origin(start..self.at)));
                }
                _ => return Err(self.unexpected("after array element")),
            }
        }
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Value, Stop> {
        let start = self.at;
        for expected in word.bytes() {
            let expected = char::from(expected);
            match self.peek() {
                Some(byte) if char::from(byte) == expected => self.at += 1,
                _ => return Err(self.cut_short(&format!("in literal {word} (expecting '{expected}')"))),
            }
        }
        Ok(Value::new(kind, self.origin(start..self.at)))
    }

    fn number(&mut self) -> Result<Value, Stop> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits("in numeric literal")?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let digits = String::from_utf8_lossy(&self.bytes[start..self.at]);
        let origin = self.origin(start..self.at);
        let kind = match digits.parse::<f64>() {
            Ok(float) if float.is_finite() => Kind::Float(float),
            _ => {
                self.out_of_range.get_or_insert(DecodeError::Number(digits.into_owned()));
                Kind::Nil
            }
        };
        Ok(Value::new(kind, origin))
    }

    /// At least one digit.
    fn digits(&mut self, context: &str) -> Result<(), Stop> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.cut_short(context));
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<Text, Stop> {
        self.at += 1;
        let start = self.at;
        let (mut copied, mut escaped) = (start, None::<TextBuilder>);
        loop {
            let Some(byte) = self.peek() else { return Err(Stop::Broken(DecodeError::End)) };
            match byte {
                b'"' => break,
                0..0x20 => return Err(self.unexpected("in string literal")),
                b'\\' => {
                    let from = self.at;
                    let c = self.escape()?;
                    self.replace(&mut escaped, copied..from, c);
                    copied = self.at;
                }
                0x80.. => {
                    let (c, width) = unicode::decode(&self.bytes[self.at..]);
                    let from = self.at;
                    self.at += width;
                    if c == char::REPLACEMENT_CHARACTER && width == 1 {
                        self.replace(&mut escaped, copied..from, c);
                        copied = self.at;
                    }
                }
                _ => self.at += 1,
            }
        }
        let end = self.at;
        self.at += 1;
        let Some(mut builder) = escaped else { return Ok(self.text.slice(start..end)) };
        builder.push_slice(self.text, copied..end);
        Ok(builder.finish_or(|| self.text.run_at(start).origin))
    }

    /// Copies what stands before a character that is written otherwise, and the character.
    fn replace(&self, builder: &mut Option<TextBuilder>, before: Range<usize>, c: char) {
        let builder = builder.get_or_insert_default();
        let run = self.text.run_at(before.end);
        builder.push_slice(self.text, before);
        let mut out = Vec::new();
        rune::push(&mut out, c);
        match run.symbol {
            Some(symbol) => builder.push_standing_for(out, symbol, run.origin),
            None => builder.push(out, run.origin),
        }
    }

    fn escape(&mut self) -> Result<char, Stop> {
        self.at += 1;
        let c = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.cut_short("in string escape code")),
        };
        self.at += 1;
        Ok(c)
    }

    fn unicode_escape(&mut self) -> Result<char, Stop> {
        let high = self.hex()?;
        let replacement = char::REPLACEMENT_CHARACTER;
        if !(0xd800..0xdc00).contains(&high) || !self.bytes[self.at..].starts_with(b"\\u") {
            return Ok(char::from_u32(high).unwrap_or(replacement));
        }
        let before = self.at;
        self.at += 1;
        let low = self.hex()?;
        if (0xdc00..0xe000).contains(&low) {
            return Ok(
                char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).unwrap_or(replacement)
            );
        }
        // Not a pair: the second escape stands for itself.
        self.at = before;
        Ok(replacement)
    }

    /// Four digits behind the `u`.
    fn hex(&mut self) -> Result<u32, Stop> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.cut_short("in \\u hexadecimal character escape"));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn origin(&mut self, range: Range<usize>) -> OriginId {
        let store = self.call.store();
        match self.text.origins_in(&store.origins, range).as_slice() {
            [one] => *one,
            found => store.origins.computed(self.call.site(), found),
        }
    }

    fn expect(&mut self, byte: u8, context: &str) -> Result<(), Stop> {
        if self.peek() != Some(byte) {
            return Err(self.unexpected(context));
        }
        self.at += 1;
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The error of the byte that stands here, inside of a word or number. Go reads a blank behind the end.
    fn cut_short(&self, context: &str) -> Stop {
        let character = quoted(self.peek().unwrap_or(b' '));
        Stop::Broken(DecodeError::Character { character, context: context.to_owned() })
    }

    /// The error of the byte that stands here.
    fn unexpected(&self, context: &str) -> Stop {
        let error = match self.peek() {
            None => DecodeError::End,
            Some(byte) => DecodeError::Character { character: quoted(byte), context: context.to_owned() },
        };
        Stop::Broken(error)
    }
}

/// Go: json.quoteChar; a byte is taken for the character of the same number.
fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        _ => {
            let text = iac_gotemplate::quoted(char::from(byte).to_string());
            format!("'{}'", &text[1..text.len() - 1])
        }
    }
}
