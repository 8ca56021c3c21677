//! JSON into values with origins (RFC 8259).

use std::ops::Range;

use crate::{Input, Kind, Map, Number, OriginId, Store, Text, TextBuilder, Value};

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Byte offset in the input.
    pub offset: usize,
    /// What was wrong, as a phrase: "expected a value".
    pub message: &'static str,
}

/// Deeper nesting is refused, so that no reader of the value runs out of stack.
const DEPTH: usize = 200;
/// So many keys that stand twice are told.
const REPEATS: usize = 64;

/// Reads one JSON value. Of a key that stands twice the last value counts, as in Go and Terraform.
///
/// A symbol that stands where a value is expected is an unknown value; inside a string it stays part of the string.
///
/// # Errors
/// When the text is not JSON or nests deeper than 200 levels.
pub fn parse(store: &Store, input: &Input) -> Result<Value, JsonError> {
    read(store, input, None).map(|(value, _)| value)
}

/// Two values of one key in one object, in their order.
#[derive(Clone, Debug)]
pub struct Repeat {
    /// The key.
    pub key: Text,
    /// The value that does not count.
    pub earlier: Value,
    /// The value that took its place.
    pub later: Value,
}

/// As [`parse`], with what the value does not show: the keys that stand twice, the first 64 of them.
///
/// # Errors
/// As [`parse`].
pub fn parse_with_repeats(store: &Store, input: &Input) -> Result<(Value, Vec<Repeat>), JsonError> {
    read(store, input, Some(Vec::new()))
}

fn read(
    store: &Store,
    input: &Input,
    repeats: Option<Vec<Repeat>>,
) -> Result<(Value, Vec<Repeat>), JsonError> {
    let bytes = input.bytes(store);
    let mut reader = Reader { store, input, bytes, at: 0, repeats };
    reader.skip_blank();
    let value = reader.value(0)?;
    reader.skip_blank();
    if reader.at < bytes.len() {
        return Err(reader.error("unexpected text after the value"));
    }
    Ok((value, reader.repeats.unwrap_or_default()))
}

struct Reader<'a> {
    store: &'a Store,
    input: &'a Input,
    bytes: &'a [u8],
    at: usize,
    /// Keys that stand twice, if they are wanted.
    repeats: Option<Vec<Repeat>>,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        if depth > DEPTH {
            return Err(self.error("nested too deeply"));
        }
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => {
                let text = self.string()?;
                let origin = self.origin(start + 1..self.at - 1);
                Ok(Value::new(Kind::String(text), origin))
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.word(),
            None => Err(self.error("expected a value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        let start = self.at;
        let mut map = Map::new();
        self.at += 1;
        self.skip_blank();
        if self.take(b'}') {
            return Ok(Value::new(Kind::Map(map), self.origin(start..self.at)));
        }
        loop {
            self.skip_blank();
            if self.peek() != Some(b'"') {
                return Err(self.error("expected a key in double quotes"));
            }
            let key = self.string()?;
            self.skip_blank();
            if !self.take(b':') {
                return Err(self.error("expected `:` after the key"));
            }
            self.skip_blank();
            let value = self.value(depth + 1)?;
            let wanted = self.repeats.as_ref().is_some_and(|repeats| repeats.len() < REPEATS);
            let later = (wanted && map.get(key.bytes()).is_some()).then(|| (key.clone(), value.clone()));
            if let (Some(earlier), Some((key, later)), Some(repeats)) =
                (map.insert(key, value), later, &mut self.repeats)
            {
                repeats.push(Repeat { key, earlier, later });
            }
            self.skip_blank();
            if self.take(b'}') {
                return Ok(Value::new(Kind::Map(map), self.origin(start..self.at)));
            }
            if !self.take(b',') {
                return Err(self.error("expected `,` or `}`"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonError> {
        let start = self.at;
        let mut list = Vec::new();
        self.at += 1;
        self.skip_blank();
        if self.take(b']') {
            return Ok(Value::new(Kind::List(list), self.origin(start..self.at)));
        }
        loop {
            self.skip_blank();
            list.push(self.value(depth + 1)?);
            self.skip_blank();
            if self.take(b']') {
                return Ok(Value::new(Kind::List(list), self.origin(start..self.at)));
            }
            if !self.take(b',') {
                return Err(self.error("expected `,` or `]`"));
            }
        }
    }

    fn string(&mut self) -> Result<Text, JsonError> {
        self.at += 1;
        let start = self.at;
        let mut plain = start;
        let mut escaped: Option<TextBuilder> = None;
        loop {
            match self.peek() {
                None => return Err(self.error("the string has no end")),
                Some(b'"') => break,
                Some(b'\\') => {
                    let builder = escaped.get_or_insert_default();
                    builder.push_text(&self.input.slice(self.store, plain..self.at));
                    let from = self.at;
                    let decoded = self.escape()?;
                    builder.push(decoded.encode_utf8(&mut [0; 4]), self.origin(from..self.at));
                    plain = self.at;
                }
                Some(0..0x20) => return Err(self.error("a control character in a string must be escaped")),
                Some(_) => self.at += 1,
            }
        }
        let end = self.at;
        self.at += 1;
        Ok(match escaped {
            None => self.input.slice(self.store, start..end),
            Some(mut builder) => {
                builder.push_text(&self.input.slice(self.store, plain..end));
                builder.finish_or(|| self.origin(start..end))
            }
        })
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        self.at += 1;
        let letter = self.peek().ok_or_else(|| self.error("the string has no end"))?;
        self.at += 1;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex()?;
                let pair = (0xd800..0xdc00).contains(&high) && self.bytes[self.at..].starts_with(b"\\u");
                if !pair {
                    return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                let back = self.at;
                self.at += 2;
                let low = self.hex()?;
                if (0xdc00..0xe000).contains(&low) {
                    let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                self.at = back;
                char::REPLACEMENT_CHARACTER
            }
            _ => return Err(self.error("unknown escape in a string")),
        })
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let digits = self.bytes.get(self.at..self.at + 4).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.error("expected four hexadecimal digits"))?;
        self.at += 4;
        Ok(code)
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        self.take(b'-');
        let leading_zero = self.peek() == Some(b'0');
        let whole = self.digits();
        if whole == 0 || (leading_zero && whole > 1) {
            return Err(self.error("malformed number"));
        }
        if self.take(b'.') && self.digits() == 0 {
            return Err(self.error("malformed number"));
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.error("malformed number"));
            }
        }
        let digits = String::from_utf8_lossy(&self.bytes[start..self.at]);
        let number = match digits.parse::<i64>() {
            Ok(int) => Number::Int(int),
            Err(_) if digits.contains(['.', 'e', 'E']) => Number::Float(digits.parse().unwrap_or(f64::NAN)),
            Err(_) => Number::Decimal(digits.into()),
        };
        Ok(Value::new(Kind::Number(number), self.origin(start..self.at)))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn word(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-')) {
            self.at += 1;
        }
        let kind = match &self.bytes[start..self.at] {
            b"null" => Kind::Null,
            b"true" => Kind::Bool(true),
            b"false" => Kind::Bool(false),
            _ => {
                let word = self.input.slice(self.store, start..self.at);
                match word.as_symbol(&self.store.symbols) {
                    Some(symbol) => Kind::Unknown(symbol),
                    None => return Err(JsonError { offset: start, message: "expected a value" }),
                }
            }
        };
        Ok(Value::new(kind, self.origin(start..self.at)))
    }

    fn origin(&self, range: Range<usize>) -> OriginId {
        self.input.origin(self.store, range)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn error(&self, message: &'static str) -> JsonError {
        JsonError { offset: self.at, message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileKind, Reason, Residence, Span, Symbol, TypeHint};

    fn read(text: &str) -> (Store, Result<Value, JsonError>) {
        let store = Store::new();
        let file = store.sources.add("a.json", FileKind::Other, Residence::Disk, text.as_bytes());
        let value = parse(&store, &Input::File(file));
        (store, value)
    }

    #[test]
    fn values_know_their_bytes() {
        let (store, value) = read(r#"{"a": [1, -2.5e3, "x\n\u00e9\ud83d\ude00"], "b": true, "a2": null}"#);
        let value = value.expect("it is JSON");
        let list = value.get("a").and_then(Value::as_list).expect("a list");
        assert_eq!(list[0].as_i64(), Some(1));
        assert_eq!(list[1].as_i64(), Some(-2500));
        assert_eq!(list[2].as_str(), Some("x\n\u{e9}\u{1F600}"));
        let span = store.origins.leaf(list[1].origin).expect("it is written");
        assert_eq!(store.sources.slice(span), "-2.5e3");
        assert!(value.get("a2").is_some_and(Value::is_null));
    }

    #[test]
    fn keys_that_stand_twice_are_told() {
        let store = Store::new();
        let text = r#"{"a": 1, "b": {"c": true, "c": null}, "a": "x"}"#;
        let file = store.sources.add("a.json", FileKind::Other, Residence::Disk, text.as_bytes());
        let (value, repeats) = parse_with_repeats(&store, &Input::File(file)).expect("it is JSON");
        assert_eq!(value.get("a").and_then(Value::as_str), Some("x"));
        let keys: Vec<_> = repeats.iter().map(|repeat| repeat.key.to_str_lossy()).collect();
        assert_eq!(keys, ["c", "a"]);
        assert_eq!(repeats[1].earlier.as_i64(), Some(1));
        assert_eq!(repeats[1].later.as_str(), Some("x"));
    }

    #[test]
    fn what_is_not_json_says_where() {
        for (text, offset) in [
            ("", 0),
            ("{", 1),
            ("[1,]", 3),
            ("{\"a\" 1}", 5),
            ("01", 2),
            ("1.", 2),
            ("\"a", 2),
            ("\"\\q\"", 3),
            ("tru", 0),
            ("1 2", 2),
            ("{\"a\":1,}", 7),
        ] {
            assert_eq!(read(text).1.expect_err(text).offset, offset, "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(read(&"[".repeat(100_000)).1.is_err());
        assert!(read(&format!("{}{}", "[".repeat(150), "]".repeat(150))).1.is_ok());
    }

    #[test]
    fn symbols_stay_symbols() {
        let store = Store::new();
        let file = store.sources.add("a.tf", FileKind::Terraform, Residence::Disk, &b"jsonencode(x)"[..]);
        let site = Span::new(file, 0, 13);
        let origin = store.origins.written(site);
        let symbol = store.symbols.intern(Symbol {
            address: "r.x.arn".into(),
            resource: None,
            attribute: None,
            reason: Reason::Computed,
            hint: TypeHint::String,
        });
        let mut builder = TextBuilder::new();
        builder.push("{\"a\":", origin);
        builder.push_symbol(&store.symbols, symbol, origin);
        builder.push(",\"b\":\"", origin);
        builder.push_symbol(&store.symbols, symbol, origin);
        builder.push("/x\"}", origin);
        let input = Input::String { text: builder.finish_or(|| origin), site };
        let value = parse(&store, &input).expect("it is JSON");
        assert_eq!(value.get("a").map(|value| value.kind.clone()), Some(Kind::Unknown(symbol)));
        let b = value.get("b").and_then(Value::as_text).expect("a string");
        assert_eq!((b.as_str(), b.symbols().next()), (None, Some(symbol)));
    }
}
