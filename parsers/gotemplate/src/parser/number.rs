//! Number literals. Source: Go, text/template/parse/node.go, newNumber.

use super::{Parsed, Parser};
use crate::ast::Number;
use crate::lexer::{Token, TokenKind};
use crate::printf::quoted;
use crate::strconv::{parse_float, parse_int, parse_uint, unquote_char};

impl Parser<'_> {
    pub(super) fn number(&self, token: &Token<'_>) -> Parsed<Number> {
        let text = String::from_utf8_lossy(token.bytes).into_owned();
        let number = match token.kind {
            TokenKind::CharConstant => character(token.bytes, &text),
            TokenKind::Complex => complex(&text),
            _ => plain(&text),
        };
        match number {
            Ok(number) => Ok(Number { text, ..number }),
            Err(message) => Err(self.error(message)),
        }
    }
}

fn character(literal: &[u8], text: &str) -> Result<Number, String> {
    let (value, _, width) = unquote_char(&literal[1..], b'\'').ok_or("invalid syntax")?;
    if literal[1 + width..] != *b"'" {
        return Err(format!("malformed character constant: {text}"));
    }
    Ok(Number {
        int: Some(i64::from(value)),
        uint: Some(u64::from(value)),
        float: Some(f64::from(value)),
        ..Number::default()
    })
}

/// `1+2i`: the sign of the imaginary part stands behind the real part, and behind its exponent.
fn complex(text: &str) -> Result<Number, String> {
    let hexadecimal = text.contains(['x', 'X']);
    let signs = text.char_indices().skip(1).filter(|&(at, c)| {
        let before = text.as_bytes()[at - 1].to_ascii_lowercase();
        matches!(c, '+' | '-') && before != if hexadecimal { b'p' } else { b'e' }
    });
    let Some((sign, _)) = signs.last() else {
        return Err("syntax error scanning complex number".into());
    };
    let part = |text: &str| parse_float(text).map_err(|error| parse_error(text, &error.to_string()));
    let real = part(&text[..sign])?;
    let imaginary = part(text[sign..].trim_end_matches('i'))?;
    Ok(from_complex(real, imaginary))
}

fn parse_error(text: &str, error: &str) -> String {
    format!("strconv.ParseFloat: parsing {}: {error}", quoted(text))
}

fn plain(text: &str) -> Result<Number, String> {
    if let Some(digits) = text.strip_suffix('i')
        && let Ok(imaginary) = parse_float(digits)
    {
        return Ok(from_complex(0.0, imaginary));
    }
    let mut number =
        Number { uint: parse_uint(text, 0).ok(), int: parse_int(text, 0).ok(), ..Number::default() };
    if number.int == Some(0) {
        // Go: in case of -0.
        number.uint = Some(0);
    }
    if let Some(int) = number.int {
        number.float = Some(int as f64);
    } else if let Some(uint) = number.uint {
        number.float = Some(uint as f64);
    } else if let Ok(float) = parse_float(text) {
        // What looks like an integer is one that is too large.
        if !text.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(format!("integer overflow: {}", quoted(text)));
        }
        number.float = Some(float);
        number.int = to_int(float);
        number.uint = to_uint(float);
    } else {
        return Err(format!("illegal number syntax: {}", quoted(text)));
    }
    Ok(number)
}

fn from_complex(real: f64, imaginary: f64) -> Number {
    let mut number = Number { complex: Some((real, imaginary)), ..Number::default() };
    if imaginary == 0.0 {
        number.float = Some(real);
        number.int = to_int(real);
        number.uint = to_uint(real);
    }
    number
}

/// The integer, if the number is one in the range of the type.
fn to_int(float: f64) -> Option<i64> {
    let range = -9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0;
    (float.fract() == 0.0 && range.contains(&float)).then_some(float as i64)
}

fn to_uint(float: f64) -> Option<u64> {
    (float.fract() == 0.0 && (0.0..18_446_744_073_709_551_616.0).contains(&float)).then_some(float as u64)
}
