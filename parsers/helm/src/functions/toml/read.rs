//! TOML 1.1 into values; strings and keys keep the runs of the text.

use std::ops::Range;

use iac_gotemplate::{Element, Kind, List, ListType, Map, MapType, Value, strconv};
use iac_model::{OriginId, Text, TextBuilder};

/// Why a text is not TOML; `fromToml` has it under `Error`.
#[derive(Debug)]
pub(super) struct Broken {
    line: usize,
    message: String,
}

impl Broken {
    pub(super) fn message(&self) -> String {
        format!("toml: line {}: {}", self.line, self.message)
    }
}

/// Deeper lists and inline tables are refused.
const DEPTH: usize = 200;

/// Reads a document into a map.
pub(super) fn from_toml(text: &Text) -> Result<Value, Broken> {
    let mut reader = Reader { text, at: 0 };
    let mut root = Table::new(Defined::Header);
    let mut path: Vec<Text> = Vec::new();
    loop {
        reader.skip_lines()?;
        match reader.peek() {
            None => return Ok(root.value(text.origin())),
            Some(b'[') => path = reader.header(&mut root)?,
            Some(_) => {
                let at = reader.at;
                let keys = reader.keys()?;
                reader.expect(b'=')?;
                let value = reader.value(0)?;
                let table =
                    root.open(&path, Walk::Current).map_err(|message| reader.error_at(at, message))?;
                table.set(&keys, value).map_err(|message| reader.error_at(at, message))?;
            }
        }
        reader.line_end()?;
    }
}

/// A table while the document is read.
#[derive(Debug)]
struct Table {
    defined: Defined,
    entries: Vec<(Text, Item)>,
}

/// What has defined a table decides what may be added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Defined {
    /// A dotted key.
    Dotted,
    /// Its own `[header]`, or the document.
    Header,
    /// The header of a table inside of it.
    Implied,
    /// Braces: nothing may be added.
    Inline,
}

#[derive(Debug)]
enum Item {
    Table(Table),
    /// `[[header]]`
    Tables(Vec<Table>),
    Value(Value),
}

/// How a path is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Walk {
    /// To the table that the last header opened.
    Current,
    /// To the parent of a new header.
    Parent,
}

impl Table {
    fn new(defined: Defined) -> Self {
        Self { defined, entries: Vec::new() }
    }

    fn find(&mut self, key: &Text) -> Option<&mut Item> {
        self.entries.iter_mut().find(|(known, _)| known.bytes() == key.bytes()).map(|(_, item)| item)
    }

    /// Follows a path, making tables on the way; of lists of tables the last one counts.
    fn open(&mut self, path: &[Text], walk: Walk) -> Result<&mut Table, String> {
        let Some((key, rest)) = path.split_first() else { return Ok(self) };
        if self.find(key).is_none() {
            self.entries.push((key.clone(), Item::Table(Table::new(Defined::Implied))));
        }
        match self.find(key) {
            Some(Item::Table(table)) if table.defined != Defined::Inline || walk == Walk::Current => {
                table.open(rest, walk)
            }
            Some(Item::Tables(tables)) => match tables.last_mut() {
                Some(table) => table.open(rest, walk),
                None => Err(defined(key)),
            },
            _ => Err(defined(key)),
        }
    }

    /// Sets a value by a dotted key. Inline tables take more keys this way, though TOML forbids it: so does the
    /// library there.
    fn set(&mut self, keys: &[Text], value: Item) -> Result<(), String> {
        let [key, rest @ ..] = keys else { return Ok(()) };
        if rest.is_empty() {
            if self.find(key).is_some() {
                return Err(defined(key));
            }
            self.entries.push((key.clone(), value));
            return Ok(());
        }
        if self.find(key).is_none() {
            self.entries.push((key.clone(), Item::Table(Table::new(Defined::Dotted))));
        }
        match self.find(key) {
            Some(Item::Table(table)) if table.defined != Defined::Header => table.set(rest, value),
            _ => Err(defined(key)),
        }
    }

    fn value(self, origin: OriginId) -> Value {
        let entries = self.entries.into_iter().map(|(key, item)| {
            let origin = key.origin();
            let value = match item {
                Item::Table(table) => table.value(origin),
                Item::Tables(tables) => {
                    let tables = tables.into_iter().map(|table| table.value(origin)).collect();
                    Value::new(Kind::List(List::new(ListType::Of(Element::Map), tables)), origin)
                }
                Item::Value(value) => value,
            };
            (key, value)
        });
        Value::new(Kind::Map(Map::new(MapType::Any, entries)), origin)
    }
}

fn defined(key: &Text) -> String {
    format!("Key '{}' has already been defined.", key.to_str_lossy())
}

struct Reader<'t> {
    text: &'t Text,
    at: usize,
}

impl Reader<'_> {
    /// Reads `[a.b]` or `[[a.b]]` and opens its table.
    fn header(&mut self, root: &mut Table) -> Result<Vec<Text>, Broken> {
        let at = self.at;
        self.at += 1;
        let is_list = self.take(b"[");
        let path = self.keys()?;
        self.expect(b']')?;
        if is_list && !self.take(b"]") {
            return Err(self.error("expected ']]'"));
        }
        let broken = |message| Err(self.error_at(at, message));
        let Some((key, parents)) = path.split_last() else { return Err(self.error("a table has no name")) };
        let parent = match root.open(parents, Walk::Parent) {
            Ok(parent) => parent,
            Err(message) => return broken(message),
        };
        match (parent.find(key), is_list) {
            (None, true) => {
                parent.entries.push((key.clone(), Item::Tables(vec![Table::new(Defined::Header)])));
            }
            (None, false) => parent.entries.push((key.clone(), Item::Table(Table::new(Defined::Header)))),
            (Some(Item::Tables(tables)), true) => tables.push(Table::new(Defined::Header)),
            (Some(Item::Table(table)), false) if table.defined == Defined::Implied => {
                table.defined = Defined::Header;
            }
            (Some(_), _) => return broken(defined(key)),
        }
        Ok(path)
    }

    /// Reads a dotted key.
    fn keys(&mut self) -> Result<Vec<Text>, Broken> {
        let mut keys = Vec::new();
        loop {
            self.skip_blanks();
            let start = self.at;
            keys.push(match self.peek() {
                Some(b'"') if !self.rest().starts_with(b"\"\"\"") => self.basic_string()?,
                Some(b'\'') if !self.rest().starts_with(b"'''") => self.literal_string()?,
                _ => {
                    let bare = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
                    self.at += self.rest().iter().take_while(bare).count();
                    if self.at == start {
                        return Err(self.error("expected a key"));
                    }
                    self.text.slice(start..self.at)
                }
            });
            self.skip_blanks();
            if !self.take(b".") {
                return Ok(keys);
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Item, Broken> {
        self.skip_blanks();
        if depth > DEPTH {
            return Err(self.error("values are nested too deeply"));
        }
        let start = self.at;
        let string = |text: Text| Ok(Item::Value(Value::string(text)));
        match self.peek() {
            Some(b'"') if self.rest().starts_with(b"\"\"\"") => string(self.multiline(b"\"\"\"")?),
            Some(b'"') => string(self.basic_string()?),
            Some(b'\'') if self.rest().starts_with(b"'''") => string(self.multiline(b"'''")?),
            Some(b'\'') => string(self.literal_string()?),
            Some(b'[') => self.array(depth),
            Some(b'{') => self.inline_table(depth),
            Some(_) => {
                let word = self.word();
                let origin = self.text.run_at(start).origin;
                let kind = self.scalar(&word, origin).ok_or_else(|| {
                    self.error_at(start, format!("expected value but found {word:?} instead"))
                })?;
                Ok(Item::Value(Value::new(kind, origin)))
            }
            None => Err(self.error("unexpected EOF; expected a value")),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Item, Broken> {
        let origin = self.text.run_at(self.at).origin;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_lines()?;
            if self.take(b"]") {
                return Ok(Item::Value(Value::list(items, origin)));
            }
            items.push(match self.value(depth + 1)? {
                Item::Value(value) => value,
                Item::Table(table) => table.value(origin),
                Item::Tables(_) => return Err(self.error("expected a value")),
            });
            self.skip_lines()?;
            if !self.take(b",") && self.peek() != Some(b']') {
                return Err(self.error("expected a comma (',') or array terminator (']')"));
            }
        }
    }

    fn inline_table(&mut self, depth: usize) -> Result<Item, Broken> {
        self.at += 1;
        let mut table = Table::new(Defined::Inline);
        loop {
            self.skip_lines()?;
            if self.take(b"}") {
                return Ok(Item::Table(table));
            }
            let at = self.at;
            let keys = self.keys()?;
            self.expect(b'=')?;
            let value = self.value(depth + 1)?;
            table.set(&keys, value).map_err(|message| self.error_at(at, message))?;
            self.skip_lines()?;
            if !self.take(b",") && self.peek() != Some(b'}') {
                return Err(self.error("expected a comma or an inline table terminator '}'"));
            }
        }
    }

    /// The characters of a number, truth value or time; a blank may stand between a date and a time.
    fn word(&mut self) -> String {
        let start = self.at;
        let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b']' | b'}' | b'#');
        let length = |rest: &[u8]| rest.iter().position(ends).unwrap_or(rest.len());
        self.at += length(self.rest());
        let is_date = self.at - start == 10 && self.text.bytes()[start..self.at].get(4) == Some(&b'-');
        if is_date && self.rest().first() == Some(&b' ') && self.rest().get(1).is_some_and(u8::is_ascii_digit)
        {
            self.at += 1;
            self.at += length(self.rest());
        }
        String::from_utf8_lossy(&self.text.bytes()[start..self.at]).into_owned()
    }

    fn scalar(&self, word: &str, origin: OriginId) -> Option<Kind> {
        match word {
            "true" => return Some(Kind::Bool(true)),
            "false" => return Some(Kind::Bool(false)),
            "inf" | "+inf" => return Some(Kind::Float(f64::INFINITY)),
            "-inf" => return Some(Kind::Float(f64::NEG_INFINITY)),
            "nan" | "+nan" => return Some(Kind::Float(f64::NAN)),
            "-nan" => return Some(Kind::Float(-f64::NAN)),
            _ => {}
        }
        if let Some(time) = time(word, origin) {
            return Some(time.kind);
        }
        let digits = number(word)?;
        let unsigned = digits.trim_start_matches(['+', '-']);
        let prefixed = unsigned.starts_with("0x") || unsigned.starts_with("0o") || unsigned.starts_with("0b");
        if prefixed {
            return strconv::parse_int(&digits, 0).ok().map(Kind::Int64);
        }
        if digits.contains(['.', 'e', 'E']) {
            return strconv::parse_float(&digits).ok().map(Kind::Float);
        }
        strconv::parse_int(&digits, 10).ok().map(Kind::Int64)
    }

    fn literal_string(&mut self) -> Result<Text, Broken> {
        self.at += 1;
        let start = self.at;
        let Some(length) = self.rest().iter().position(|byte| matches!(byte, b'\'' | b'\n')) else {
            return Err(self.error("unexpected EOF; expected \"'\""));
        };
        self.at += length;
        if !self.take(b"'") {
            return Err(self.error("strings cannot contain newlines"));
        }
        Ok(self.text.slice(start..start + length))
    }

    fn basic_string(&mut self) -> Result<Text, Broken> {
        self.at += 1;
        let start = self.at;
        let mut plain = start;
        let mut builder = TextBuilder::new();
        loop {
            match self.peek() {
                None => return Err(self.error("unexpected EOF; expected '\"'")),
                Some(b'\n') => return Err(self.error("strings cannot contain newlines")),
                Some(b'"') => break,
                Some(b'\\') => {
                    builder.push_slice(self.text, plain..self.at);
                    self.escape(&mut builder)?;
                    plain = self.at;
                }
                Some(_) => self.at += 1,
            }
        }
        builder.push_slice(self.text, plain..self.at);
        self.at += 1;
        Ok(builder.finish_or(|| self.text.run_at(start).origin))
    }

    fn multiline(&mut self, quotes: &[u8; 3]) -> Result<Text, Broken> {
        self.at += 3;
        self.at += usize::from(self.rest().starts_with(b"\r\n"));
        self.at += usize::from(self.peek() == Some(b'\n'));
        let start = self.at;
        let mut plain = start;
        let mut builder = TextBuilder::new();
        loop {
            if self.rest().starts_with(quotes) {
                // Up to two quotes more belong to the string.
                let more = self.rest()[3..].iter().take(2).take_while(|&&byte| byte == quotes[0]).count();
                self.at += more;
                break;
            }
            match self.peek() {
                None => return Err(self.error("unexpected EOF in a multi-line string")),
                Some(b'\\') if quotes[0] == b'"' => {
                    builder.push_slice(self.text, plain..self.at);
                    let behind = &self.rest()[1..];
                    let blanks =
                        behind.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
                    if behind.get(blanks) == Some(&b'\n') {
                        let white = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
                        self.at += 1 + behind.iter().take_while(white).count();
                    } else {
                        self.escape(&mut builder)?;
                    }
                    plain = self.at;
                }
                Some(_) => self.at += 1,
            }
        }
        builder.push_slice(self.text, plain..self.at);
        self.at += 3;
        Ok(builder.finish_or(|| self.text.run_at(start).origin))
    }

    fn escape(&mut self, into: &mut TextBuilder) -> Result<(), Broken> {
        let origin = self.text.run_at(self.at).origin;
        self.at += 1;
        let letter = self.peek().unwrap_or(b' ');
        self.at += 1;
        let digits = match letter {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let c = match letter {
            b'b' => '\u{8}',
            b't' => '\t',
            b'n' => '\n',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            b'"' => '"',
            b'\\' => '\\',
            b'x' | b'u' | b'U' => {
                let hex = self.rest().get(..digits).and_then(|hex| std::str::from_utf8(hex).ok());
                let code = hex
                    .filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
                    .and_then(|hex| u32::from_str_radix(hex, 16).ok())
                    .and_then(char::from_u32);
                self.at += digits;
                code.ok_or_else(|| self.error("invalid Unicode escape in a string"))?
            }
            other => {
                return Err(self.error(format!("invalid escape character {:?}", char::from(other))));
            }
        };
        into.push(c.encode_utf8(&mut [0; 4]), origin);
        Ok(())
    }

    fn rest(&self) -> &[u8] {
        self.text.bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn take(&mut self, bytes: &[u8]) -> bool {
        let found = self.rest().starts_with(bytes);
        self.at += if found { bytes.len() } else { 0 };
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        self.skip_blanks();
        if self.take(&[byte]) { Ok(()) } else { Err(self.error(format!("expected {:?}", char::from(byte)))) }
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    }

    /// Skips blanks, line breaks and comments.
    fn skip_lines(&mut self) -> Result<(), Broken> {
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(b'#') => {
                    let comment = self.rest();
                    self.at += comment.iter().position(|&byte| byte == b'\n').unwrap_or(comment.len());
                }
                Some(b'\n') => self.at += 1,
                Some(b'\r') if self.rest().get(1) == Some(&b'\n') => self.at += 2,
                Some(b'\r') => return Err(self.error("carriage returns must be followed by a newline")),
                _ => return Ok(()),
            }
        }
    }

    fn line_end(&mut self) -> Result<(), Broken> {
        self.skip_blanks();
        match self.peek() {
            None | Some(b'\n' | b'\r' | b'#') => Ok(()),
            Some(byte) => {
                let found = char::from(byte);
                Err(self.error(format!(
                    "expected a top-level item to end with a newline, but got {found:?} instead"
                )))
            }
        }
    }

    fn error(&self, message: impl Into<String>) -> Broken {
        self.error_at(self.at, message)
    }

    fn error_at(&self, at: usize, message: impl Into<String>) -> Broken {
        let before: Range<usize> = 0..at.min(self.text.len());
        let line = self.text.bytes()[before].iter().filter(|&&byte| byte == b'\n').count() + 1;
        Broken { line, message: message.into() }
    }
}

/// The digits of a well-formed number without their underscores.
fn number(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let well_placed = bytes
        .iter()
        .enumerate()
        .filter(|&(_, &byte)| byte == b'_')
        .all(|(at, _)| at > 0 && is_digit(at - 1) && is_digit(at + 1));
    let unsigned = word.trim_start_matches(['+', '-']);
    let zero_first =
        unsigned.len() > 1 && unsigned.starts_with('0') && unsigned.as_bytes()[1].is_ascii_digit();
    let signed_prefix =
        word != unsigned && ["0x", "0o", "0b"].iter().any(|prefix| unsigned.starts_with(prefix));
    let starts = unsigned.as_bytes().first().is_some_and(u8::is_ascii_digit);
    let dots = unsigned.match_indices('.').all(|(at, _)| {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        digit(unsigned.as_bytes().get(at.wrapping_sub(1))) && digit(unsigned.as_bytes().get(at + 1))
    });
    let fine =
        well_placed && !zero_first && !signed_prefix && starts && dots && word.len() - unsigned.len() <= 1;
    fine.then(|| word.replace('_', ""))
}

/// Layouts of times with the names of the zones that those without an offset lie in.
const LAYOUTS: [(&str, Option<&str>); 6] = [
    ("2006-01-02T15:04:05.999999999Z07:00", None),
    ("2006-01-02T15:04:05.999999999", Some("datetime-local")),
    ("2006-01-02", Some("date-local")),
    ("15:04:05.999999999", Some("time-local")),
    ("2006-01-02T15:04", Some("datetime-local")),
    ("15:04", Some("time-local")),
];

fn time(word: &str, origin: OriginId) -> Option<Value> {
    let shape = |at: usize, byte: u8| word.as_bytes().get(at) == Some(&byte);
    let is_time = shape(2, b':') || shape(4, b'-') && shape(7, b'-');
    if !is_time {
        return None;
    }
    let text = word.replace(['t', ' '], "T").replace('z', "Z");
    LAYOUTS.iter().find_map(|(layout, zone)| iac_sprig::time(layout, &text, *zone, origin).ok())
}
