//! Go's `strconv`: numbers and literals as Go reads and writes them.

use iac_gostd::unicode;

/// Formats as Go's `strconv.FormatFloat` does for 64 bits; no precision means the shortest digits that read back
/// the same.
pub fn format_float(value: f64, format: char, precision: Option<usize>) -> String {
    crate::printf::append_float(value, format, precision)
}

/// Formats as Go's `strconv.FormatFloat` does for 32 bits with format `g`: the digits that tell one `f32` from others.
pub fn format_float_32(value: f64) -> String {
    // The shortest digits of an f32 are few enough to be the shortest of the f64 next to them, too.
    let short = (value as f32).to_string().parse().unwrap_or(f64::NAN);
    format_float(short, 'g', None)
}

/// Why a number cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// It is too large or too small for the type.
    #[error("value out of range")]
    Range,
    /// It is no number.
    #[error("invalid syntax")]
    Syntax,
}

/// Reads as Go's `strconv.ParseUint` does for 64 bits. Base 0 takes the base from the prefix and allows `_`.
///
/// # Errors
/// When it is no number, or too large.
pub fn parse_uint(text: &str, base: u32) -> Result<u64, NumberError> {
    let bytes = text.as_bytes();
    let allows_underscores = base == 0;
    let (base, digits) = match (base, bytes) {
        (_, []) => return Err(NumberError::Syntax),
        (0, [b'0', b'b' | b'B', rest @ ..]) if !rest.is_empty() => (2, rest),
        (0, [b'0', b'o' | b'O', rest @ ..]) if !rest.is_empty() => (8, rest),
        (0, [b'0', b'x' | b'X', rest @ ..]) if !rest.is_empty() => (16, rest),
        (0, [b'0', rest @ ..]) => (8, rest),
        (0, _) => (10, bytes),
        (base, _) => (base, bytes),
    };
    let mut number = Some(0_u64);
    for &digit in digits {
        if digit == b'_' && allows_underscores {
            continue;
        }
        let digit = char::from(digit).to_digit(base).ok_or(NumberError::Syntax)?;
        // Go stops at the first digit that overflows, so that what follows is not looked at.
        number = number.and_then(|number| number.checked_mul(u64::from(base))?.checked_add(u64::from(digit)));
        if number.is_none() {
            return Err(NumberError::Range);
        }
    }
    if digits.contains(&b'_') && !underscores_ok(bytes) {
        return Err(NumberError::Syntax);
    }
    number.ok_or(NumberError::Range)
}

/// Reads as Go's `strconv.ParseInt` does for 64 bits. Base 0 takes the base from the prefix and allows `_`.
///
/// # Errors
/// When it is no number, or does not fit.
pub fn parse_int(text: &str, base: u32) -> Result<i64, NumberError> {
    let (negative, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => (text.starts_with('-'), digits),
        None => (false, text),
    };
    let magnitude = parse_uint(digits, base)?;
    match negative {
        true if magnitude == 1 << 63 => Ok(i64::MIN),
        true => i64::try_from(magnitude).map(|int| -int).map_err(|_| NumberError::Range),
        false => i64::try_from(magnitude).map_err(|_| NumberError::Range),
    }
}

/// Reads as Go's `strconv.ParseFloat` does for 64 bits: hexadecimal numbers, `_` behind a base prefix, and the
/// words for infinity and no number included.
///
/// # Errors
/// When it is no number, or too large.
pub fn parse_float(text: &str) -> Result<f64, NumberError> {
    let (sign, rest) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (if text.starts_with('-') { -1.0 } else { 1.0 }, rest),
        None => (1.0, text),
    };
    let word = rest.to_ascii_lowercase();
    if word == "inf" || word == "infinity" {
        return Ok(sign * f64::INFINITY);
    }
    if text.eq_ignore_ascii_case("nan") {
        return Ok(f64::NAN);
    }
    if rest.contains('_') && !underscores_ok(text.as_bytes()) {
        return Err(NumberError::Syntax);
    }
    let digits: String = word.chars().filter(|&c| c != '_').collect();
    let value = match digits.strip_prefix("0x") {
        Some(hex) => parse_hex_float(hex).ok_or(NumberError::Syntax)?,
        None => {
            let plain = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'+' | b'-'));
            // An exponent without digits behind an underscore cannot pass: both readers want a digit there.
            if !plain || !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
                return Err(NumberError::Syntax);
            }
            digits.parse::<f64>().map_err(|_| NumberError::Syntax)?
        }
    };
    if value.is_infinite() { Err(NumberError::Range) } else { Ok(sign * value) }
}

/// `1.8p3` behind the prefix; the exponent must be there.
fn parse_hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    if exponent.trim_start_matches(['+', '-']).is_empty() {
        return None;
    }
    let exponent: i64 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let (mut value, mut shift) = (0_u64, 0_i64);
    for (index, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(digit.to_digit(16)?);
        let behind_point = index >= whole.len();
        if value >> 60 == 0 {
            value = value << 4 | digit;
            shift -= if behind_point { 4 } else { 0 };
        } else {
            // What is lost still decides how a tie is rounded.
            value |= u64::from(digit != 0);
            shift += if behind_point { 0 } else { 4 };
        }
    }
    let mut exponent = exponent.saturating_add(shift).clamp(-20_000, 20_000);
    let mut value = value as f64;
    while exponent != 0 && value != 0.0 && value.is_finite() {
        let step = exponent.clamp(-1000, 1000);
        value *= 2_f64.powi(step as i32);
        exponent -= step;
    }
    Some(value)
}

/// Go: an underscore must separate digits; a base prefix counts as a digit.
fn underscores_ok(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let (mut before, digits) = match text {
        [b'0', b'b' | b'B' | b'o' | b'O' | b'x' | b'X', rest @ ..] => (b'0', rest),
        _ => (b'^', text),
    };
    let hex = matches!(text, [b'0', b'x' | b'X', ..]);
    for &byte in digits {
        before = match byte {
            b'0'..=b'9' => b'0',
            b'a'..=b'f' | b'A'..=b'F' if hex => b'0',
            b'_' if before != b'0' => return false,
            b'_' => b'_',
            _ if before == b'_' => return false,
            _ => b'!',
        };
    }
    before != b'_'
}

/// Reads the value of a string literal in double quotes or back quotes, as Go's `strconv.Unquote` does.
pub fn unquote(literal: &[u8]) -> Option<Vec<u8>> {
    match literal {
        [b'`', inner @ .., b'`'] if !inner.contains(&b'`') => {
            Some(inner.iter().copied().filter(|&byte| byte != b'\r').collect())
        }
        [b'"', inner @ .., b'"'] => {
            let mut out = Vec::with_capacity(inner.len());
            let mut rest = inner;
            while !rest.is_empty() {
                if rest[0] == b'\n' {
                    return None;
                }
                let (value, is_byte, width) = unquote_char(rest, b'"')?;
                match u8::try_from(value) {
                    Ok(byte) if is_byte => out.push(byte),
                    _ => out.extend(char::from_u32(value)?.encode_utf8(&mut [0; 4]).as_bytes()),
                }
                rest = &rest[width..];
            }
            Some(out)
        }
        _ => None,
    }
}

/// The first character of a literal's inside: its value, whether it stands for a single byte, and its width.
pub(crate) fn unquote_char(text: &[u8], quote: u8) -> Option<(u32, bool, usize)> {
    let escape = match text {
        [] => return None,
        [first, ..] if *first == quote => return None,
        [b'\\', escape, ..] => *escape,
        [b'\\'] => return None,
        [first, ..] if first.is_ascii() => return Some((u32::from(*first), true, 1)),
        _ => {
            let (c, width) = unicode::decode(text);
            return Some((u32::from(c), false, width));
        }
    };
    let digits = |start: usize, count: usize, base: u32| {
        let digits = text.get(start..start + count)?;
        digits.iter().try_fold(0_u32, |value, &digit| {
            Some(value.checked_mul(base)? + char::from(digit).to_digit(base)?)
        })
    };
    let plain = match escape {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => 10,
        b'r' => 13,
        b't' => 9,
        b'v' => 11,
        b'\\' => 92,
        b'\'' | b'"' if escape == quote => u32::from(escape),
        b'x' => return Some((digits(2, 2, 16)?, true, 4)),
        b'u' => return char::from_u32(digits(2, 4, 16)?).map(|c| (u32::from(c), false, 6)),
        b'U' => return char::from_u32(digits(2, 8, 16)?).map(|c| (u32::from(c), false, 10)),
        b'0'..=b'7' => return digits(1, 3, 8).filter(|&value| value < 256).map(|value| (value, true, 4)),
        _ => return None,
    };
    Some((plain, true, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_as_go_reads_them() {
        let cases = [
            ("0", Ok(0)),
            ("010", Ok(8)),
            ("08", Err(NumberError::Syntax)),
            ("0x_1F", Ok(31)),
            ("1_000", Ok(1000)),
            ("1__0", Err(NumberError::Syntax)),
            ("0b11", Ok(3)),
            ("0o17", Ok(15)),
            ("0x", Err(NumberError::Syntax)),
            ("-9223372036854775808", Ok(i64::MIN)),
            ("9223372036854775808", Err(NumberError::Range)),
            ("", Err(NumberError::Syntax)),
        ];
        for (text, value) in cases {
            assert_eq!(parse_int(text, 0), value, "{text}");
        }
        assert_eq!(parse_int("1_0", 10), Err(NumberError::Syntax));
        assert_eq!(parse_int("010", 10), Ok(10));
    }

    #[test]
    fn floats_are_read_as_go_reads_them() {
        assert_eq!(parse_float("0x1.8p1"), Ok(3.0));
        assert_eq!(parse_float("0x_1p-1074").map(f64::to_bits), Ok(1));
        assert_eq!(parse_float("-.5e1"), Ok(-5.0));
        assert_eq!(parse_float("1_0.5"), Ok(10.5));
        assert_eq!(parse_float("+Inf"), Ok(f64::INFINITY));
        assert_eq!(parse_float("1e999"), Err(NumberError::Range));
        for bad in ["", ".", "1e", "0x1", "1_", "e5", "1 ", "++1"] {
            assert_eq!(parse_float(bad), Err(NumberError::Syntax), "{bad}");
        }
    }

    #[test]
    fn literals_are_unquoted() {
        assert_eq!(unquote(br#""a\n\x41\101\u00e9\"""#).as_deref(), Some("a\nAA\u{e9}\"".as_bytes()));
        assert_eq!(unquote(b"`a\r\n\\n`").as_deref(), Some(&b"a\n\\n"[..]));
        assert_eq!(unquote(b"\"\xff\"").as_deref(), Some("\u{fffd}".as_bytes()));
        for bad in [&br#""\'""#[..], br#""\400""#, br#""\ud800""#, br#""\q""#, b"\"", b"'a'"] {
            assert_eq!(unquote(bad), None);
        }
    }
}
