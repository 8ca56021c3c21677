//! `format` and `formatlist`; cty: stdlib/format.go.

use iac_hcl::{Kind, Number, Result, Type, Value, convert};
use iac_model::{Text, TextBuilder};
use unicode_segmentation::UnicodeSegmentation;

use super::format_verb::{Piece, Verb, parse};
use super::function::{Function, Parameter, STRING, Want};
use super::{Call, case, json};

const ARGUMENT: Parameter = Parameter::new(Want::Any).or_null().or_unknown();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("format", &[STRING], Want::String, format).and_more(ARGUMENT),
    Function::new("formatlist", &[STRING], Want::Strings, formatlist).and_more(ARGUMENT),
];

fn format(call: &Call<'_>) -> Result<Value> {
    let arguments: Vec<&Value> = call.arguments[1..].iter().collect();
    formatted(call, &arguments)
}

fn formatlist(call: &Call<'_>) -> Result<Value> {
    let arguments = &call.arguments[1..];
    let mut length = None;
    for (index, argument) in arguments.iter().enumerate() {
        let Some(elements) = argument.as_elements() else {
            let may_be_sequence = argument.as_unknown().is_some_and(|unknown| !unknown.kind.is_primitive());
            if may_be_sequence {
                return Ok(call.unknown(Type::list(Type::String)));
            }
            continue;
        };
        match length {
            None => length = Some(elements.len()),
            Some(length) if length != elements.len() => {
                let given = elements.len();
                return call.fail(format!("argument {} has length {given}, others have {length}", index + 1));
            }
            Some(_) => {}
        }
    }
    let length = length.unwrap_or(1);
    call.will_make(length)?;
    let mut results = Vec::with_capacity(length);
    for index in 0..length {
        let row: Vec<&Value> = arguments
            .iter()
            .map(|argument| match argument.as_elements() {
                Some(elements) => &elements[index],
                None => argument,
            })
            .collect();
        results.push(formatted(call, &row)?);
    }
    Ok(call.make_list(Type::String, results))
}

fn formatted(call: &Call<'_>, arguments: &[&Value]) -> Result<Value> {
    let format = call.text(0);
    let pieces = parse(call.string(0)).map_err(|message| call.error(message))?;
    let mut builder = TextBuilder::with_capacity(format.len());
    let mut used = 0;
    for piece in pieces {
        call.will_write(builder.len())?;
        match piece {
            Piece::Literal(range) => builder.push_slice(&format, range),
            Piece::Verb(verb, range) => {
                let raw = &call.string(0)[range];
                used = used.max(verb.argument + 1);
                let Some(argument) = arguments.get(verb.argument) else {
                    return call.fail(format!("not enough arguments for {raw:?}"));
                };
                let text = Printer { call, verb: &verb, raw }.print(argument)?;
                builder.push_text(&text);
            }
        }
    }
    if used < arguments.len() {
        return call.fail(format!("too many arguments; only {used} used by the format string"));
    }
    Ok(call.make_text(builder.finish_or(|| format.origin())))
}

struct Printer<'a> {
    call: &'a Call<'a>,
    verb: &'a Verb,
    raw: &'a str,
}

impl Printer<'_> {
    fn print(&self, value: &Value) -> Result<Text> {
        let most = self.verb.width.unwrap_or(0).max(self.verb.precision.unwrap_or(0));
        self.call.will_write(most)?;
        if self.verb.mode != 'v' && value.is_null() {
            return self.call.fail(format!("unsupported value for {:?}: null cannot be formatted", self.raw));
        }
        match self.verb.mode {
            'v' => self.plain(value),
            't' => self.bool(value),
            'b' | 'd' | 'o' | 'x' | 'X' => self.integer(value),
            'e' | 'E' | 'f' | 'g' | 'G' => self.float(value),
            's' | 'q' => self.string(value),
            _ => self.call.fail(format!("unsupported format verb {:?}", self.raw)),
        }
    }

    fn plain(&self, value: &Value) -> Result<Text> {
        let has_shape = self.verb.width.is_some();
        match &value.kind {
            Kind::Unknown(unknown) if !self.verb.sharp && !has_shape => {
                Ok(Text::symbol(&self.call.store().symbols, unknown.symbol, value.origin))
            }
            Kind::Unknown(_) => Ok(self.unknown(value)),
            Kind::String(text) if !self.verb.sharp => self.padded(text.clone(), value),
            Kind::Number(number) if !self.verb.sharp => {
                self.padded(Text::new(general(number, None), value.origin), value)
            }
            _ => {
                let text = json::encode(self.call, value)?;
                self.padded(text, value)
            }
        }
    }

    fn bool(&self, value: &Value) -> Result<Text> {
        let value = self.converted(value, &Type::Bool)?;
        Ok(match value.as_bool() {
            Some(holds) => Text::new(if holds { "true" } else { "false" }, value.origin),
            None => self.unknown(&value),
        })
    }

    fn string(&self, value: &Value) -> Result<Text> {
        let value = self.converted(value, &Type::String)?;
        let text = match &value.kind {
            Kind::String(text) => text.clone(),
            Kind::Unknown(unknown) => Text::symbol(&self.call.store().symbols, unknown.symbol, value.origin),
            _ => Text::new("", value.origin),
        };
        let text = match (self.verb.precision.filter(|&precision| precision > 0), text.as_str()) {
            (None, _) => text,
            (Some(precision), Some(known)) => {
                let end: usize = known.graphemes(true).take(precision).map(str::len).sum();
                text.slice(0..end)
            }
            (Some(_), None) => return Ok(self.unknown(&value)),
        };
        match self.verb.mode {
            'q' => {
                let mut quoted = TextBuilder::new();
                json::quote(&text, value.origin, &mut quoted);
                self.padded(quoted.finish_or(|| value.origin), &value)
            }
            _ => self.padded(text, &value),
        }
    }

    /// cty: formatPadWidth.
    fn padded(&self, text: Text, value: &Value) -> Result<Text> {
        let Some(width) = self.verb.width else { return Ok(text) };
        let Some(known) = text.as_str() else { return Ok(self.unknown(value)) };
        let missing = width.saturating_sub(case::length(known));
        if missing == 0 {
            return Ok(text);
        }
        let pad = if self.verb.zero { "0" } else { " " }.repeat(missing);
        let mut builder = TextBuilder::new();
        if self.verb.minus {
            builder.push_text(&text);
        }
        builder.push(pad, value.origin);
        if !self.verb.minus {
            builder.push_text(&text);
        }
        Ok(builder.finish_or(|| value.origin))
    }

    fn integer(&self, value: &Value) -> Result<Text> {
        let value = self.converted(value, &Type::Number)?;
        let Some(number) = value.as_number() else { return Ok(self.unknown(&value)) };
        let radix = match self.verb.mode {
            'b' => 2,
            'o' => 8,
            'd' => 10,
            _ => 16,
        };
        match number.to_radix(radix) {
            Some(digits) => Ok(Text::new(self.integer_text(&digits), value.origin)),
            None => self.call.fail(format!("unsupported value for {:?}: an integer is required", self.raw)),
        }
    }

    /// Go: big.Int.Format.
    fn integer_text(&self, digits: &str) -> String {
        let verb = self.verb;
        let (negative, digits) = match digits.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, digits),
        };
        let digits = if verb.mode == 'X' { digits.to_ascii_uppercase() } else { digits.to_owned() };
        let sign = self.sign(negative);
        let prefix = match (verb.sharp, verb.mode) {
            (true, 'b') => "0b",
            (true, 'o') => "0",
            (true, 'x') => "0x",
            (true, 'X') => "0X",
            _ => "",
        };
        if digits == "0" && verb.precision == Some(0) {
            return String::new();
        }
        let mut zeros = verb.precision.unwrap_or(0).saturating_sub(digits.len());
        let length = sign.len() + prefix.len() + zeros + digits.len();
        let missing = verb.width.unwrap_or(0).saturating_sub(length);
        let (mut left, mut right) = (0, 0);
        if verb.minus {
            right = missing;
        } else if verb.zero && verb.precision.is_none() {
            zeros = missing;
        } else {
            left = missing;
        }
        let (left, zeros, right) = (" ".repeat(left), "0".repeat(zeros), " ".repeat(right));
        format!("{left}{sign}{prefix}{zeros}{digits}{right}")
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.verb.plus, self.verb.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }

    fn float(&self, value: &Value) -> Result<Text> {
        let value = self.converted(value, &Type::Number)?;
        match value.as_number() {
            Some(number) => Ok(Text::new(self.float_text(number), value.origin)),
            None => Ok(self.unknown(&value)),
        }
    }

    /// Go: big.Float.Format.
    fn float_text(&self, number: &Number) -> String {
        let verb = self.verb;
        let text = match verb.mode {
            'e' | 'E' => number.to_exponent(Some(verb.precision.unwrap_or(6))),
            'f' => number.to_fixed(verb.precision.unwrap_or(6)),
            _ => general(number, verb.precision),
        };
        let text = if verb.mode.is_ascii_uppercase() { text.to_ascii_uppercase() } else { text };
        let (sign, digits) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
            (Some(digits), _) => ("-", digits),
            (_, Some(digits)) => (if verb.space { " " } else { "+" }, digits),
            _ => (self.sign(false), text.as_str()),
        };
        // Of an infinity Go gives the word as it is, whatever the letter's case.
        let digits = if number.is_infinite() { "Inf" } else { digits };
        let missing = verb.width.unwrap_or(0).saturating_sub(sign.len() + digits.len());
        if verb.zero && !number.is_infinite() {
            format!("{sign}{}{digits}", "0".repeat(missing))
        } else if verb.minus {
            format!("{sign}{digits}{}", " ".repeat(missing))
        } else {
            format!("{}{sign}{digits}", " ".repeat(missing))
        }
    }

    fn converted(&self, value: &Value, kind: &Type) -> Result<Value> {
        convert(self.call.store(), value, kind)
            .map_err(|error| self.call.error(format!("unsupported value for {:?}: {error}", self.raw)))
    }

    /// What a verb prints of an unknown that it changes.
    fn unknown(&self, value: &Value) -> Text {
        let verb = Value::string(self.raw, self.call.origin());
        let unknown = self.call.unknown_of(&[&verb, value], Type::String);
        match unknown.as_unknown() {
            Some(unknown) => Text::symbol(&self.call.store().symbols, unknown.symbol, value.origin),
            None => Text::new("", value.origin),
        }
    }
}

/// Go: big.Float.Text with `g`: of the fewest digits that say the number, those from 10^6 on and below 10^-4 have an
/// exponent.
fn general(number: &Number, digits: Option<usize>) -> String {
    if digits.is_some() || number.is_infinite() {
        return number.to_general(digits);
    }
    let scientific = number.to_exponent(None);
    let exponent = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    if (-4..6).contains(&exponent) { number.to_string() } else { scientific }
}
