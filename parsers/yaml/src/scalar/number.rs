//! Numbers as Go's strconv reads and prints them.

use std::borrow::Cow;

use super::Scalar;

/// Removes every `_`.
pub(super) fn without_underscores(text: &str) -> Cow<'_, str> {
    if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) }
}

/// An integer with optional sign and base prefix; digits beyond `i64` but within `u64` become a decimal.
///
/// Go: strconv.ParseInt and ParseUint with base 0.
pub(super) fn parse_int(text: &str) -> Option<Scalar> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    let signed = digits.len() < text.len();
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    match (negative, i64::try_from(magnitude)) {
        (false, Ok(int)) => Some(Scalar::Int(int)),
        (true, Ok(int)) => Some(Scalar::Int(-int)),
        (true, Err(_)) => (magnitude == 1 << 63).then_some(Scalar::Int(i64::MIN)),
        (false, Err(_)) => (!signed).then(|| Scalar::Decimal(magnitude.to_string().into())),
    }
}

/// An integer in one base with an optional sign.
pub(super) fn parse_radix(text: &str, radix: u32) -> Option<i64> {
    i64::from_str_radix(text, radix).ok()
}

/// Go: `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`.
pub(super) fn is_yaml_float(text: &str) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut rest = text.as_bytes();
    if let [b'-' | b'+', tail @ ..] = rest {
        rest = tail;
    }
    let whole = digits(rest);
    rest = &rest[whole..];
    if let [b'.', tail @ ..] = rest {
        let fraction = digits(tail);
        if whole == 0 && fraction == 0 {
            return false;
        }
        rest = &tail[fraction..];
    } else if whole == 0 {
        return false;
    }
    if let [b'e' | b'E', tail @ ..] = rest {
        rest = if let [b'-' | b'+', tail @ ..] = tail { tail } else { tail };
        let exponent = digits(rest);
        return exponent > 0 && exponent == rest.len();
    }
    rest.is_empty()
}

/// A decimal float; one that is too large is none, as in Go (a range error).
pub(super) fn parse_float(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|float| float.is_finite())
}

/// A decimal float that starts with a point; `_` may stand between digits.
///
/// Go: strconv.ParseFloat, underscoreOK.
pub(super) fn parse_float_with_underscores(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let between_digits = |at: usize| {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        digit(at.checked_sub(1)) && digit(at.checked_add(1))
    };
    if bytes.iter().enumerate().any(|(at, &byte)| byte == b'_' && !between_digits(at)) {
        return None;
    }
    let plain = without_underscores(text);
    if is_yaml_float(&plain) { parse_float(&plain) } else { None }
}

/// Go: strconv.FormatFloat(f, 'g', -1, 64), with YAML's names for what is not finite.
pub(crate) fn format_general(float: f64) -> String {
    if let Some(name) = not_finite(float) {
        return name.to_owned();
    }
    general(&format!("{float:e}"))
}

/// Go: strconv.FormatFloat(f, 'g', -1, 32), with YAML's names for what is not finite.
pub(crate) fn format_general_32(float: f64) -> String {
    let short = float as f32;
    if let Some(name) = not_finite(f64::from(short)) {
        return name.to_owned();
    }
    general(&format!("{short:e}"))
}

fn not_finite(float: f64) -> Option<&'static str> {
    if float.is_nan() {
        Some(".nan")
    } else if float == f64::INFINITY {
        Some(".inf")
    } else if float == f64::NEG_INFINITY {
        Some("-.inf")
    } else {
        None
    }
}

/// Turns `-1.2345e6` into `-1.2345e+06`, or into plain digits where Go's shortest `%g` would: exponents -4 to 5.
///
/// Go: strconv/ftoa.go, formatDigits.
fn general(scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    if !(-4..6).contains(&exponent) {
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{exponent_sign}{:02}", exponent.unsigned_abs());
    }
    let count = digits.len();
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat(exponent.unsigned_abs() as usize - 1));
    }
    let whole = exponent as usize + 1;
    if whole >= count {
        return format!("{sign}{digits}{}", "0".repeat(whole - count));
    }
    format!("{sign}{}.{}", &digits[..whole], &digits[whole..])
}

/// Decodes standard base64 with padding; line breaks are skipped, as Go skips them.
pub(super) fn base64_text(text: &str) -> Option<Vec<u8>> {
    let symbols: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    if !symbols.len().is_multiple_of(4) {
        return None;
    }
    let mut out = Vec::with_capacity(symbols.len() / 4 * 3);
    let groups = symbols.len() / 4;
    for (index, group) in symbols.chunks_exact(4).enumerate() {
        let padding = group.iter().rev().take_while(|&&byte| byte == b'=').count();
        if padding > 2 || (padding > 0 && index + 1 < groups) {
            return None;
        }
        let mut bits = 0_u32;
        for &byte in &group[..4 - padding] {
            bits = bits << 6 | base64_digit(byte)?;
        }
        bits <<= 6 * padding as u32;
        out.extend_from_slice(&bits.to_be_bytes()[1..4 - padding]);
    }
    Some(out)
}

fn base64_digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Writes a decimal number without exponent and without needless zeros; `None` if that would be very long.
pub(super) fn plain_decimal(text: &str) -> Option<String> {
    /// More digits than Terraform's 512-bit numbers can tell apart, with room for sizes.
    const LONGEST: i64 = 1000;
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let trimmed = digits.trim_start_matches('0');
    if trimmed.is_empty() {
        return Some("0".to_owned());
    }
    let point = trimmed.len() as i64 - fraction.len() as i64 + exponent;
    let trimmed = trimmed.trim_end_matches('0');
    if point.abs() > LONGEST {
        return None;
    }
    let count = trimmed.len() as i64;
    Some(if point <= 0 {
        format!("{sign}0.{}{trimmed}", "0".repeat(point.unsigned_abs() as usize))
    } else if point >= count {
        format!("{sign}{trimmed}{}", "0".repeat((point - count) as usize))
    } else {
        format!("{sign}{}.{}", &trimmed[..point as usize], &trimmed[point as usize..])
    })
}
