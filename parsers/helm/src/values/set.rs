//! The grammar of `--set`, `--set-string`, `--set-json`, `--set-file` and `--set-literal`.
//!
//! Helm: pkg/strvals. `a.b=1,c={x,y},d[2]=z` with `\` as escape; a literal has no escapes, lists or commas.

use iac_model::{Kind, Map, Number, OriginId, Store, Text, TextBuilder, Value};

/// How the value of one flag is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetKind {
    /// `--set-file`: the value is the path of a file, whose content becomes a string.
    File,
    /// `--set-json`: the value is JSON, or the whole flag is a JSON object.
    Json,
    /// `--set-literal`: everything behind `=` is the string.
    Literal,
    /// `--set-string`: the value is a string whatever it looks like.
    String,
    /// `--set`: truth values, null and integers are recognised.
    Typed,
}

/// Why a `--set` flag cannot be read; the texts are Helm's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SetError {
    /// A list index is not a number.
    #[error("error parsing index: strconv.Atoi: parsing {0:?}: {1}")]
    BadIndex(String, &'static str),
    /// Something stands between `]` and what may follow it.
    #[error("unexpected data at end of array index: {}", quoted_runes(.0))]
    BehindIndex(String),
    /// `a.` with nothing that sets a value.
    #[error("key map {0:?} has no value")]
    EmptyMap(String),
    /// The flag ends where it may not.
    #[error("EOF")]
    End,
    /// `--set-file` could not read the file.
    #[error("{0}")]
    File(String),
    /// A list index is too large.
    #[error("index of {0} is greater than maximum supported index of {INDEX}")]
    IndexTooLarge(usize),
    /// The JSON is malformed.
    #[error("{0}")]
    Json(String),
    /// Names nest too deeply.
    #[error("value name nested level is greater than maximum supported nested level of {NESTING}")]
    Nesting,
    /// A list index is negative.
    #[error("negative {0} index not allowed")]
    NegativeIndex(i64),
    /// A key has no `=`.
    #[error("key {0:?} has no value")]
    NoValue(String),
    /// A key ends with a comma.
    #[error("key {0:?} has no value (cannot end with ,)")]
    NoValueBeforeComma(String),
    /// `{` without `}`.
    #[error("list must terminate with '}}'")]
    OpenList,
    /// The key goes through something that is not what the flag takes it for.
    #[error("unable to parse key: interface conversion: interface {{}} is {is}, not {wanted}")]
    WrongType {
        /// The type that stands there.
        is: &'static str,
        /// The type that the flag needs.
        wanted: &'static str,
    },
}

/// Go's `%q` of a slice of characters.
fn quoted_runes(text: &str) -> String {
    let runes: Vec<String> = text.chars().map(|c| format!("{c:?}")).collect();
    format!("[{}]", runes.join(" "))
}

/// Helm: pkg/strvals/parser.go, MaxIndex.
const INDEX: usize = 65_536;
/// Helm: pkg/strvals/parser.go, MaxNestedNameLevel.
const NESTING: usize = 30;
/// Ours: this many indexes may follow one another.
const INDEXES: usize = 200;

/// What reading one flag needs.
pub(crate) struct SetReader<'a> {
    /// Where origins go.
    pub(crate) store: &'a Store,
    /// How values are read.
    pub(crate) kind: SetKind,
    /// Reads the file that a `--set-file` names.
    pub(crate) read_file: &'a dyn Fn(&str) -> Result<Text, String>,
}

impl SetReader<'_> {
    /// Reads one flag into `into`; what it set before an error stays. Keys and values keep the runs of the flag,
    /// and a value that is one whole symbol is unknown.
    ///
    /// # Errors
    /// As Helm does, in Helm's words.
    pub(crate) fn read(&self, flag: &Text, into: &mut Map) -> Result<(), SetError> {
        let mut cursor = Cursor { flag, at: 0, set: self };
        loop {
            match cursor.key(into, 0) {
                Ok(()) => {}
                Err(SetError::End) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Turns the text of a value into a value.
    fn value(&self, text: Text) -> Result<Value, SetError> {
        let origin = text.origin();
        let kind = match (self.kind, text.as_symbol(&self.store.symbols)) {
            (_, Some(symbol)) => Kind::Unknown(symbol),
            (SetKind::File, None) => {
                let content = (self.read_file)(&text.to_str_lossy()).map_err(SetError::File)?;
                return Ok(Value::string(content));
            }
            (SetKind::Typed, None) => typed(text),
            (SetKind::Json | SetKind::Literal | SetKind::String, None) => Kind::String(text),
        };
        Ok(Value::new(kind, origin))
    }
}

/// Helm: pkg/strvals/parser.go, typedVal.
fn typed(text: Text) -> Kind {
    let word = text.as_str().unwrap_or_default();
    if word.eq_ignore_ascii_case("true") {
        Kind::Bool(true)
    } else if word.eq_ignore_ascii_case("false") {
        Kind::Bool(false)
    } else if word.eq_ignore_ascii_case("null") {
        Kind::Null
    } else {
        match word.parse::<i64>() {
            Ok(int) if word == "0" || !word.starts_with('0') => Kind::Number(Number::Int(int)),
            _ => Kind::String(text),
        }
    }
}

struct Cursor<'a> {
    flag: &'a Text,
    at: usize,
    set: &'a SetReader<'a>,
}

impl Cursor<'_> {
    fn rest(&self) -> &[u8] {
        &self.flag.bytes()[self.at..]
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.rest().first() == Some(&byte);
        self.at += usize::from(found);
        found
    }

    /// The origin of the place that was read last.
    fn origin(&self) -> OriginId {
        self.flag.run_at(self.at.saturating_sub(1)).origin
    }

    /// Reads up to one of `stops`, which is consumed; `None` when the flag ends before.
    fn until(&mut self, stops: &[u8]) -> (Text, Option<u8>) {
        let escapes = self.set.kind != SetKind::Literal;
        let start = self.at;
        let mut plain = self.at;
        let mut builder = TextBuilder::new();
        let mut stop = None;
        while let Some(&byte) = self.rest().first() {
            self.at += 1;
            if stops.contains(&byte) {
                stop = Some(byte);
                break;
            }
            if byte == b'\\' && escapes {
                builder.push_slice(self.flag, plain..self.at - 1);
                plain = self.at;
                self.at = self.flag.len().min(self.at + 1);
            }
        }
        builder.push_slice(self.flag, plain..self.at - usize::from(stop.is_some()));
        (builder.finish_or(|| self.flag.run_at(start.saturating_sub(1)).origin), stop)
    }

    fn key(&mut self, map: &mut Map, level: usize) -> Result<(), SetError> {
        let literal = self.set.kind == SetKind::Literal;
        let stops: &[u8] = if literal { b"=[." } else { b"=[,." };
        let (key, stop) = self.until(stops);
        match stop {
            None if key.is_empty() => Err(SetError::End),
            None => Err(SetError::NoValue(key.to_str_lossy().into())),
            Some(b'[') => {
                let index = self.index()?;
                let mut list = match map.get(key.bytes()).map(|value| &value.kind) {
                    None => Vec::new(),
                    Some(Kind::List(list)) => list.clone(),
                    Some(other) => return Err(wrong_type(other, "[]interface {}")),
                };
                let result = self.item(&mut list, index, level, 0);
                let value = Value::new(Kind::List(list), key.origin());
                put(map, key, value);
                result
            }
            Some(b'=') => self.assign(map, key),
            Some(b',') => {
                let value = Value::string(Text::new("", key.origin()));
                put(map, key.clone(), value);
                Err(SetError::NoValueBeforeComma(key.to_str_lossy().into()))
            }
            Some(_) => {
                if level + 1 > NESTING {
                    return Err(SetError::Nesting);
                }
                let mut inner = match map.get(key.bytes()).map(|value| &value.kind) {
                    None => Map::new(),
                    Some(Kind::Map(inner)) => inner.clone(),
                    Some(other) => return Err(wrong_type(other, "map[string]interface {}")),
                };
                let result = self.key(&mut inner, level + 1);
                if result.is_ok() && inner.is_empty() {
                    return Err(SetError::EmptyMap(key.to_str_lossy().into()));
                }
                if !inner.is_empty() {
                    let value = Value::new(Kind::Map(inner), key.origin());
                    put(map, key, value);
                }
                result
            }
        }
    }

    fn assign(&mut self, map: &mut Map, key: Text) -> Result<(), SetError> {
        let ended = self.rest().is_empty();
        let value = self.assigned()?;
        put(map, key, value);
        match self.set.kind {
            // An object in a list whose last member ends so is lost, as in Helm.
            SetKind::File | SetKind::String | SetKind::Typed if ended => Err(SetError::End),
            _ => Ok(()),
        }
    }

    /// Reads what stands behind `=`.
    fn assigned(&mut self) -> Result<Value, SetError> {
        match self.set.kind {
            SetKind::Json => self.json(),
            SetKind::Literal => {
                let (text, _) = self.until(&[]);
                self.set.value(text)
            }
            // Nothing at all is the empty string, also where a file is named.
            SetKind::File | SetKind::String | SetKind::Typed if self.rest().is_empty() => {
                Ok(Value::string(Text::new("", self.origin())))
            }
            SetKind::File | SetKind::String | SetKind::Typed => {
                if self.take(b'{') {
                    return self.list();
                }
                let (text, _) = self.until(b",");
                self.set.value(text)
            }
        }
    }

    fn list(&mut self) -> Result<Value, SetError> {
        let origin = self.origin();
        let mut list = Vec::new();
        loop {
            let (text, stop) = self.until(b",}");
            if stop.is_none() {
                return Err(SetError::OpenList);
            }
            if stop == Some(b'}') {
                self.take(b',');
            }
            list.push(self.set.value(text)?);
            if stop == Some(b'}') {
                return Ok(Value::new(Kind::List(list), origin));
            }
        }
    }

    fn index(&mut self) -> Result<i64, SetError> {
        let (text, stop) = self.until(b"]");
        if stop.is_none() {
            return Err(SetError::End);
        }
        let text = text.to_str_lossy();
        text.parse().map_err(|error: std::num::ParseIntError| {
            use std::num::IntErrorKind::{NegOverflow, PosOverflow};
            let reason = match error.kind() {
                NegOverflow | PosOverflow => "value out of range",
                _ => "invalid syntax",
            };
            SetError::BadIndex(text.into_owned(), reason)
        })
    }

    /// Reads what stands behind `]`. `depth` counts indexes in a row, which Helm does not bound.
    fn item(
        &mut self,
        list: &mut Vec<Value>,
        index: i64,
        level: usize,
        depth: usize,
    ) -> Result<(), SetError> {
        let at = usize::try_from(index).map_err(|_| SetError::NegativeIndex(index))?;
        let origin = self.origin();
        let (text, stop) = self.until(b"[.=");
        if !text.is_empty() {
            return Err(SetError::BehindIndex(text.to_str_lossy().into()));
        }
        let value = match stop {
            None => return Err(SetError::End),
            Some(b'=') => self.assigned()?,
            Some(b'[') => {
                if depth >= INDEXES {
                    return Err(SetError::Nesting);
                }
                let next = self.index()?;
                let mut inner = match list.get(at).map(|value| &value.kind) {
                    None | Some(Kind::Null) => Vec::new(),
                    Some(Kind::List(inner)) => inner.clone(),
                    Some(other) => return Err(wrong_type(other, "[]interface {}")),
                };
                self.item(&mut inner, next, level, depth + 1)?;
                Value::new(Kind::List(inner), origin)
            }
            Some(_) => {
                let mut inner = match list.get(at).map(|value| &value.kind) {
                    Some(Kind::Map(inner)) => inner.clone(),
                    _ => Map::new(),
                };
                self.key(&mut inner, level)?;
                Value::new(Kind::Map(inner), origin)
            }
        };
        if at > INDEX {
            return Err(SetError::IndexTooLarge(at));
        }
        if list.len() <= at {
            list.resize(at + 1, Value::null(origin));
        }
        list[at] = value;
        Ok(())
    }

    /// Reads one JSON value and the blanks and comma behind it; nothing at all is null.
    fn json(&mut self) -> Result<Value, SetError> {
        let start = self.at;
        if self.skip_to_value() {
            return Ok(Value::null(self.origin()));
        }
        // Go's decoder stops behind a word or number whatever follows.
        let rest = self.rest();
        let word = ["true", "false", "null"].iter().find(|word| rest.starts_with(word.as_bytes()));
        let number = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let length = match (word, rest.first()) {
            (Some(word), _) => word.len(),
            (None, Some(b'-' | b'0'..=b'9')) => rest.iter().take_while(number).count(),
            (None, _) => rest.len(),
        };
        let rest = &rest[..length];
        let mut stream = serde_json::Deserializer::from_slice(rest).into_iter::<serde_json::Value>();
        let json = match stream.next() {
            None => return Err(SetError::End),
            Some(Err(error)) => return Err(SetError::Json(error.to_string())),
            Some(Ok(json)) => json,
        };
        self.at += stream.byte_offset();
        self.skip_to_value();
        Ok(from_json(&json, self.flag.run_at(start).origin))
    }

    /// Skips blanks and at most one comma; tells whether there was no value before the comma or the end.
    fn skip_to_value(&mut self) -> bool {
        while self.rest().first().is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.take(b',') || self.rest().is_empty()
    }
}

fn put(map: &mut Map, key: Text, value: Value) {
    if !key.is_empty() {
        map.insert(key, value);
    }
}

/// JSON as Go decodes it into `any`: all numbers are floating-point.
pub(crate) fn from_json(json: &serde_json::Value, origin: OriginId) -> Value {
    let kind = match json {
        serde_json::Value::Null => Kind::Null,
        serde_json::Value::Bool(bool) => Kind::Bool(*bool),
        serde_json::Value::Number(number) => {
            Kind::Number(Number::Float(number.as_f64().unwrap_or(f64::INFINITY)))
        }
        serde_json::Value::String(text) => Kind::String(Text::new(text.as_str(), origin)),
        serde_json::Value::Array(items) => {
            Kind::List(items.iter().map(|item| from_json(item, origin)).collect())
        }
        serde_json::Value::Object(members) => Kind::Map(
            members
                .iter()
                .map(|(key, value)| (Text::new(key.as_str(), origin), from_json(value, origin)))
                .collect(),
        ),
    };
    Value::new(kind, origin)
}

fn wrong_type(is: &Kind, wanted: &'static str) -> SetError {
    let is = match is {
        Kind::Bool(_) => "bool",
        Kind::List(_) => "[]interface {}",
        Kind::Map(_) => "map[string]interface {}",
        Kind::Null => "nil",
        Kind::Number(Number::Int(_)) => "int64",
        Kind::Number(_) => "float64",
        Kind::String(_) | Kind::Unknown(_) => "string",
    };
    SetError::WrongType { is, wanted }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: SetKind, flag: &str) -> Result<serde_json::Value, SetError> {
        let store = Store::new();
        let origin = store.origins.argument(flag);
        let read_file = |name: &str| match name.strip_prefix('b') {
            Some(_) => Err(format!("open {name}: no such file or directory")),
            None => Ok(Text::new(format!("content of {name}"), origin)),
        };
        let mut map = Map::new();
        let reader = SetReader { store: &store, kind, read_file: &read_file };
        reader.read(&Text::new(flag, origin), &mut map)?;
        Ok(to_json(&Value::new(Kind::Map(map), origin)))
    }

    fn to_json(value: &Value) -> serde_json::Value {
        match &value.kind {
            Kind::Bool(bool) => (*bool).into(),
            Kind::List(list) => list.iter().map(to_json).collect(),
            Kind::Map(map) => {
                map.iter().map(|entry| (entry.key.to_str_lossy(), to_json(&entry.value))).collect()
            }
            Kind::Null | Kind::Unknown(_) => serde_json::Value::Null,
            Kind::Number(number) => match number.as_i64() {
                Some(int) => int.into(),
                None => number.as_f64().into(),
            },
            Kind::String(text) => text.to_str_lossy().into(),
        }
    }

    /// Equality that does not tell an integer from a floating-point number.
    fn same_value(ours: &serde_json::Value, theirs: &serde_json::Value) -> bool {
        use serde_json::Value::{Array, Number, Object};
        match (ours, theirs) {
            (Array(a), Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b)),
            (Number(a), Number(b)) => a.as_f64() == b.as_f64(),
            (Object(a), Object(b)) => {
                a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same_value(a, b)))
            }
            (a, b) => a == b,
        }
    }

    #[test]
    fn flags_read_as_in_helm() {
        let golden = include_str!("../../testdata/set.jsonl");
        let mut wrong = Vec::new();
        for line in golden.lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("a recorded case");
            let flag = case["flag"].as_str().expect("a flag");
            let kind = match case["kind"].as_str() {
                Some("file") => SetKind::File,
                Some("json") => SetKind::Json,
                Some("literal") => SetKind::Literal,
                Some("string") => SetKind::String,
                _ => SetKind::Typed,
            };
            let ours = read(kind, flag);
            let same = match (&ours, case.get("error").and_then(|error| error.as_str())) {
                (Ok(value), None) => same_value(value, &case["value"]),
                // The words of JSON errors are the JSON reader's.
                (Err(SetError::Json(_)), Some(_)) => true,
                (Err(error), Some(theirs)) => error.to_string() == theirs,
                _ => false,
            };
            if !same {
                wrong.push(format!("{line}\n   ours: {ours:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} cases differ:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn symbols_stay_whole() {
        use iac_model::{Reason, Symbol, TypeHint};
        let store = Store::new();
        let origin = store.origins.argument("x");
        let symbol = store.symbols.intern(Symbol {
            address: "aws_iam_role.app.arn".into(),
            resource: None,
            attribute: None,
            reason: Reason::Computed,
            hint: TypeHint::String,
        });
        let mut builder = TextBuilder::new();
        builder.push("a.role\\.arn=", origin);
        builder.push_symbol(&store.symbols, symbol, origin);
        builder.push(",b=x-", origin);
        builder.push_symbol(&store.symbols, symbol, origin);
        let mut map = Map::new();
        let read_file = |_: &str| Err(String::new());
        let reader = SetReader { store: &store, kind: SetKind::Typed, read_file: &read_file };
        reader.read(&builder.finish_or(|| origin), &mut map).expect("well-formed");
        let whole = map.get("a").and_then(|a| a.get("role.arn")).map(|value| value.kind.clone());
        assert_eq!(whole, Some(Kind::Unknown(symbol)));
        let part = map.get("b").and_then(Value::as_text).expect("a string");
        assert_eq!(part.symbols().collect::<Vec<_>>(), [symbol]);
    }

    #[test]
    fn indexes_in_a_row_are_bounded() {
        assert_eq!(read(SetKind::Typed, &format!("a{}=1", "[0]".repeat(100_000))), Err(SetError::Nesting));
    }
}
