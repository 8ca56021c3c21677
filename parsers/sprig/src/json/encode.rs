//! Writing JSON.

use std::borrow::Cow;

use iac_gostd::unicode;
use iac_gotemplate::{Call, Failure, Kind, Limit, List, Map, VALUE_DEPTH, Value};
use iac_model::{OriginId, Text, TextBuilder};

use crate::standing::spend_on;

/// How the text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// No blanks at all.
    Compact,
    /// A line for each element, two blanks a level.
    Indented,
}

/// What is escaped in strings beyond what JSON asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// `<`, `>` and `&`, so that the text can stand in a web page: Go's default.
    Html,
    /// Nothing.
    Minimal,
}

/// Writes a value as Go's JSON encoder does. Scalars and keys keep their origins, what stands between them has that
/// of the list or map. An unknown is its placeholder without quotes.
///
/// # Errors
/// In Go's words for what JSON cannot hold; when the value nests too deeply or the text gets too long.
pub fn encode(
    call: &mut Call<'_, '_>,
    value: &Value,
    layout: Layout,
    escape: Escape,
) -> Result<Text, Failure> {
    let mut encoder = Encoder { call, out: TextBuilder::new(), layout, escape, open: Vec::new() };
    encoder.value(value, 0)?;
    let out = encoder.out;
    Ok(out.finish_or(|| value.origin))
}

struct Encoder<'w, 'c, 'e> {
    call: &'w mut Call<'c, 'e>,
    out: TextBuilder,
    layout: Layout,
    escape: Escape,
    /// The maps that are being written, outermost first.
    open: Vec<Map>,
}

impl Encoder<'_, '_, '_> {
    fn value(&mut self, value: &Value, level: usize) -> Result<(), Failure> {
        self.call.check_string(self.out.len())?;
        if level > VALUE_DEPTH {
            return Err(self.too_deep());
        }
        let plain: String = match &value.kind {
            Kind::Bool(bool) => bool.to_string(),
            Kind::Bytes(text) => return self.bytes(text),
            Kind::Complex(_) => return Err(Failure::message("json: unsupported type: complex128")),
            Kind::Float(float) => number(*float)?,
            Kind::Int(int) | Kind::Int64(int) => int.to_string(),
            Kind::List(list) => return self.list(list, value.origin, level),
            Kind::Map(map) => return self.map(map, value.origin, level),
            Kind::Nil => "null".to_owned(),
            Kind::Object(object) => {
                if let Some(members) = object.json_members() {
                    return self.members(&members, value.origin, level);
                }
                return match object.to_json() {
                    // What an object makes of itself is plain; one that does not is a struct without fields.
                    Some(json) if !matches!(json.kind, Kind::Object(_)) => {
                        let json = json.map_origins(|_| value.origin);
                        self.value(&json, level)
                    }
                    _ => {
                        self.out.push("{}", value.origin);
                        Ok(())
                    }
                };
            }
            Kind::String(text) => return self.string(text),
            Kind::Uint64(int) => int.to_string(),
            Kind::Uint8(int) => int.to_string(),
            Kind::Unknown(symbol) => {
                self.out.push_symbol(&self.call.store().symbols, *symbol, value.origin);
                return Ok(());
            }
        };
        self.out.push(plain, value.origin);
        Ok(())
    }

    fn list(&mut self, list: &List, origin: OriginId, level: usize) -> Result<(), Failure> {
        if list.is_nil() {
            self.out.push("null", origin);
            return Ok(());
        }
        self.call.spend(list.len() as u64 / 16)?;
        self.out.push("[", origin);
        for (index, item) in list.iter().enumerate() {
            self.separate(index, origin, level + 1);
            self.value(item, level + 1)?;
        }
        self.close(list.is_empty(), "]", origin, level);
        Ok(())
    }

    fn map(&mut self, map: &Map, origin: OriginId, level: usize) -> Result<(), Failure> {
        if map.is_nil() {
            self.out.push("null", origin);
            return Ok(());
        }
        let entries = map.entries();
        self.call.spend(entries.len() as u64 / 16)?;
        self.open.push(map.clone());
        self.members(&entries, origin, level)?;
        self.open.pop();
        Ok(())
    }

    fn members(&mut self, members: &[(Text, Value)], origin: OriginId, level: usize) -> Result<(), Failure> {
        self.out.push("{", origin);
        for (index, (key, value)) in members.iter().enumerate() {
            self.separate(index, origin, level + 1);
            self.string(key)?;
            self.out.push(if self.layout == Layout::Indented { ": " } else { ":" }, origin);
            self.value(value, level + 1)?;
        }
        self.close(members.is_empty(), "}", origin, level);
        Ok(())
    }

    /// A map that holds itself is an error in Go, too.
    fn too_deep(&self) -> Failure {
        let Some((last, outer)) = self.open.split_last() else { return Limit::ValueDepth.into() };
        match outer.iter().any(|map| map.is_same(last)) {
            true => {
                let name = last.map_type().name();
                Failure::message(format!("json: unsupported value: encountered a cycle via {name}"))
            }
            false => Limit::ValueDepth.into(),
        }
    }

    fn separate(&mut self, index: usize, origin: OriginId, level: usize) {
        if index > 0 {
            self.out.push(",", origin);
        }
        self.line(origin, level);
    }

    fn close(&mut self, empty: bool, bracket: &str, origin: OriginId, level: usize) {
        if !empty {
            self.line(origin, level);
        }
        self.out.push(bracket, origin);
    }

    fn line(&mut self, origin: OriginId, level: usize) {
        if self.layout == Layout::Indented {
            self.out.push(format!("\n{}", "  ".repeat(level)), origin);
        }
    }

    fn bytes(&mut self, text: &Text) -> Result<(), Failure> {
        use base64::Engine as _;
        let encoded = base64::engine::general_purpose::STANDARD.encode(text.bytes());
        self.call.check_string(self.out.len() + encoded.len())?;
        let origin = text.origin();
        self.out.push("\"", origin);
        match text.symbols().next() {
            Some(symbol) => self.out.push_standing_for(encoded, symbol, origin),
            None => self.out.push(encoded, origin),
        }
        self.out.push("\"", origin);
        Ok(())
    }

    fn string(&mut self, text: &Text) -> Result<(), Failure> {
        self.call.check_string(self.out.len() + text.len())?;
        spend_on(self.call, text.len())?;
        self.out.push("\"", text.origin());
        let mut copied = 0;
        for (at, c, width) in unicode::chars(text.bytes()) {
            let Some(escaped) = self.escaped(c, width) else { continue };
            self.out.push_slice(text, copied..at);
            let run = text.run_at(at);
            match run.symbol {
                Some(symbol) => self.out.push_standing_for(&*escaped, symbol, run.origin),
                None => self.out.push(&*escaped, run.origin),
            }
            copied = at + width;
        }
        self.out.push_slice(text, copied..text.len());
        self.out.push("\"", text.origin());
        Ok(())
    }

    /// What is written in place of a character, if it cannot stand as it is.
    fn escaped(&self, c: char, width: usize) -> Option<Cow<'static, str>> {
        Some(Cow::Borrowed(match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '<' if self.escape == Escape::Html => "\\u003c",
            '>' if self.escape == Escape::Html => "\\u003e",
            '&' if self.escape == Escape::Html => "\\u0026",
            '\u{2028}' => "\\u2028",
            '\u{2029}' => "\\u2029",
            char::REPLACEMENT_CHARACTER if width == 1 => "\\ufffd",
            '\0'..' ' => return Some(Cow::Owned(format!("\\u{:04x}", u32::from(c)))),
            _ => return None,
        }))
    }
}

/// Go: floatEncoder.
fn number(float: f64) -> Result<String, Failure> {
    if !float.is_finite() {
        let name = match float {
            f64::INFINITY => "+Inf",
            f64::NEG_INFINITY => "-Inf",
            _ => "NaN",
        };
        return Err(Failure::message(format!("json: unsupported value: {name}")));
    }
    let magnitude = float.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let text = format!("{float:e}");
        return Ok(match text.split_once('e') {
            Some((mantissa, exponent)) if !exponent.starts_with('-') => format!("{mantissa}e+{exponent}"),
            _ => text,
        });
    }
    Ok(float.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_in_go() {
        for (float, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (-1.5e-10, "-1.5e-10"),
            (1e100, "1e+100"),
            (0.1, "0.1"),
        ] {
            assert_eq!(number(float).unwrap(), text);
        }
        assert_eq!(number(f64::NAN).unwrap_err().to_string(), "json: unsupported value: NaN");
    }
}
