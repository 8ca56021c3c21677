//! Values of every kind. Source: Go, fmt/print.go, printArg and printValue.

use iac_model::{OriginId, SymbolId, Text};

use super::scalar::Sign;
use super::{Flags, Printer};
use crate::{Failure, Kind, Limit, List, Map, Object, VALUE_DEPTH, Value};

/// What Go would print as the address of a map or slice: a constant, so that two runs give equal bytes.
const ADDRESS: u64 = 0xc0_0000_0000;

impl Printer<'_> {
    /// Prints an operand for a verb.
    pub(super) fn operand(&mut self, value: &Value, verb: char) -> Result<(), Failure> {
        match (&value.kind, verb) {
            (Kind::Nil, 'T' | 'v') => self.pad("<nil>", value.origin),
            (Kind::Nil, _) => self.write(format!("%!{verb}(<nil>)"), value.origin),
            (_, 'T') => {
                let name = Text::new(value.type_name().as_bytes(), value.origin);
                self.string(&name, 's', value.origin).map(|_| ())
            }
            (Kind::Bytes(_) | Kind::List(_) | Kind::Map(_), 'p') => self.address(value, verb),
            (Kind::Bytes(text), _) => self.bytes(value, text, verb, true),
            (Kind::List(_) | Kind::Map(_) | Kind::Object(_), 'w') => self.bad_verb(value, verb),
            _ => self.value(value, verb, 0),
        }
    }

    fn value(&mut self, value: &Value, verb: char, depth: usize) -> Result<(), Failure> {
        let origin = value.origin;
        let known_verb = match &value.kind {
            Kind::Bytes(text) => return self.bytes(value, text, verb, false),
            Kind::List(list) => return self.list(list, verb, origin, depth),
            Kind::Map(map) => return self.map(map, verb, origin, depth),
            Kind::Nil => return self.nil(origin),
            Kind::Object(object) => return self.object(value, &**object, verb, depth),
            Kind::Unknown(symbol) => return self.unknown(*symbol, verb, origin),
            basic => self.basic(basic, verb, origin)?,
        };
        if known_verb { Ok(()) } else { self.bad_verb(value, verb) }
    }

    /// A value of a basic type; the result tells whether the verb fits.
    fn basic(&mut self, kind: &Kind, verb: char, origin: OriginId) -> Result<bool, Failure> {
        match kind {
            Kind::Bool(bool) if matches!(verb, 't' | 'v') => {
                self.pad(if *bool { "true" } else { "false" }, origin).map(|()| true)
            }
            Kind::Complex(parts) => self.complex(**parts, verb, origin),
            Kind::Float(float) => self.float(*float, verb, origin),
            Kind::Int(int) | Kind::Int64(int) => {
                let sign = if *int < 0 { Sign::Negative } else { Sign::Positive };
                self.integer(int.unsigned_abs(), sign, verb, origin)
            }
            Kind::String(text) => self.string(text, verb, origin),
            Kind::Uint64(int) => self.integer(*int, Sign::None, verb, origin),
            Kind::Uint8(int) => self.integer(u64::from(*int), Sign::None, verb, origin),
            Kind::Bool(_)
            | Kind::Bytes(_)
            | Kind::List(_)
            | Kind::Map(_)
            | Kind::Nil
            | Kind::Object(_)
            | Kind::Unknown(_) => Ok(false),
        }
    }

    /// A nil inside a list or map: any verb will do.
    fn nil(&mut self, origin: OriginId) -> Result<(), Failure> {
        self.write(if self.flags.sharp_v { "interface {}(nil)" } else { "<nil>" }, origin)
    }

    fn unknown(&mut self, symbol: SymbolId, verb: char, origin: OriginId) -> Result<(), Failure> {
        let text = Text::symbol(&self.store.symbols, symbol, origin);
        if verb == 'q' || self.flags.sharp_v {
            return self.string(&text, 'q', origin).map(|_| ());
        }
        self.room(text.len())?;
        self.out.push_text(&text);
        Ok(())
    }

    fn bad_verb(&mut self, value: &Value, verb: char) -> Result<(), Failure> {
        let erroring = std::mem::replace(&mut self.erroring, true);
        self.write(format!("%!{verb}({}=", value.type_name()), value.origin)?;
        self.operand(value, 'v')?;
        self.write(")", value.origin)?;
        self.erroring = erroring;
        Ok(())
    }

    fn address(&mut self, value: &Value, verb: char) -> Result<(), Failure> {
        match verb {
            'v' | 'p' => self.hex(if value.is_nil() { 0 } else { ADDRESS }, !self.flags.sharp, value.origin),
            _ => self.integer(ADDRESS, Sign::None, verb, value.origin).map(|_| ()),
        }
    }

    /// Bytes; an operand of other verbs than these prints them one by one, as does a slice inside a value.
    fn bytes(&mut self, value: &Value, text: &Text, verb: char, is_operand: bool) -> Result<(), Failure> {
        if matches!(verb, 's' | 'x' | 'X' | 'q') {
            return self.string(text, verb, value.origin).map(|_| ());
        }
        let (open, blank, close) = match (self.flags.sharp_v, is_operand && matches!(verb, 'v' | 'd')) {
            (true, true) => ("[]byte{", ", ", "}"),
            (true, false) => ("[]uint8{", ", ", "}"),
            (false, _) => ("[", " ", "]"),
        };
        self.write(open, value.origin)?;
        // Whole files are printed so, by a chart that prints its context: byte by byte that takes long.
        let is_plain = matches!(verb, 'v' | 'd') && self.flags.is_plain();
        for (range, run) in text.runs() {
            if is_plain {
                self.room(range.len())?;
                let bytes = &text.bytes()[range.clone()];
                self.write(decimals(bytes, range.start == 0), run.origin)?;
                continue;
            }
            for at in range {
                if at > 0 {
                    self.write(blank, value.origin)?;
                }
                let byte = Value::new(Kind::Uint8(text.bytes()[at]), run.origin);
                self.value(&byte, verb, 1)?;
            }
        }
        self.write(close, value.origin)
    }

    fn list(&mut self, list: &List, verb: char, origin: OriginId, depth: usize) -> Result<(), Failure> {
        check_depth(depth)?;
        if self.flags.sharp_v {
            self.write(list.list_type().name().as_bytes(), origin)?;
            if list.is_nil() {
                return self.write("(nil)", origin);
            }
        }
        let (open, blank, close) = self.brackets("[", "]");
        self.write(open, origin)?;
        for (index, item) in list.iter().enumerate() {
            if index > 0 {
                self.write(blank, origin)?;
            }
            self.value(item, verb, depth + 1)?;
        }
        self.write(close, origin)
    }

    fn map(&mut self, map: &Map, verb: char, origin: OriginId, depth: usize) -> Result<(), Failure> {
        check_depth(depth)?;
        if self.flags.sharp_v {
            self.write(map.map_type().name(), origin)?;
            if map.is_nil() {
                return self.write("(nil)", origin);
            }
        }
        let (open, blank, close) = self.brackets("map[", "]");
        self.write(open, origin)?;
        for (index, (key, value)) in map.entries().into_iter().enumerate() {
            if index > 0 {
                self.write(blank, origin)?;
            }
            self.value(&Value::string(key), verb, depth + 1)?;
            self.write(":", origin)?;
            self.value(&value, verb, depth + 1)?;
        }
        self.write(close, origin)
    }

    fn brackets(
        &self,
        open: &'static str,
        close: &'static str,
    ) -> (&'static str, &'static str, &'static str) {
        if self.flags.sharp_v { ("{", ", ", "}") } else { (open, " ", close) }
    }

    fn object(
        &mut self,
        value: &Value,
        object: &dyn Object,
        verb: char,
        depth: usize,
    ) -> Result<(), Failure> {
        check_depth(depth)?;
        let origin = value.origin;
        let by_address = object.prints_by_address() && !(self.indirect && depth == 0);
        let printable = matches!(verb, 'v' | 's' | 'x' | 'X' | 'q')
            && !self.flags.sharp_v
            && !self.erroring
            && !by_address;
        if printable && let Some(text) = object.print() {
            return self.string(&Text::new(text, origin), verb, origin).map(|_| ());
        }
        if let Some(basic) = object.basic() {
            let known_verb = self.basic(&basic.kind, verb, origin)?;
            return if known_verb { Ok(()) } else { self.bad_verb(value, verb) };
        }
        if object.kind_name() == "ptr" {
            if depth > 0 || verb == 'p' {
                return self.address(value, verb);
            }
            if !self.indirect {
                self.write("&", origin)?;
            }
        }
        let Flags { plus_v, sharp_v, .. } = self.flags;
        if sharp_v {
            self.write(object.type_name().trim_start_matches('*'), origin)?;
        }
        self.write("{", origin)?;
        for (index, (name, field)) in object.fields().into_iter().enumerate() {
            if index > 0 {
                self.write(if sharp_v { ", " } else { " " }, origin)?;
            }
            if plus_v || sharp_v {
                self.write(format!("{name}:"), origin)?;
            }
            self.value(&field, verb, depth + 1)?;
        }
        self.write("}", origin)
    }
}

fn check_depth(depth: usize) -> Result<(), Failure> {
    if depth > VALUE_DEPTH { Err(Limit::ValueDepth.into()) } else { Ok(()) }
}

/// Bytes as decimal numbers with a blank before each, but not before the first one of all.
fn decimals(bytes: &[u8], is_start: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(4 * bytes.len());
    for &byte in bytes {
        out.push(b' ');
        if byte >= 100 {
            out.push(b'0' + byte / 100);
        }
        if byte >= 10 {
            out.push(b'0' + byte / 10 % 10);
        }
        out.push(b'0' + byte % 10);
    }
    if is_start && !out.is_empty() {
        out.remove(0);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_are_printed_as_numbers() {
        let all: Vec<u8> = (0..=255).collect();
        let numbers: Vec<String> = all.iter().map(u8::to_string).collect();
        assert_eq!(super::decimals(&all, true), numbers.join(" ").into_bytes());
        assert_eq!(super::decimals(&all[9..11], false), b" 9 10");
        assert_eq!(super::decimals(&[], true), b"");
    }
}
