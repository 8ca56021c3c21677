//! Numbers in text, as Go's strconv and literals read them.

/// Reads an integer in base 8, 10 or, with base 0, in the base its prefix says.
///
/// Go: strconv.ParseInt(text, base, 64). `None` for a syntax error and for a value out of range.
pub(crate) fn parse_int(text: &[u8], base: u32) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let magnitude = parse_uint(digits, base)?;
    if negative {
        (magnitude <= 1 << 63).then(|| (magnitude as i64).wrapping_neg())
    } else {
        i64::try_from(magnitude).ok()
    }
}

/// Go: strconv.ParseUint(text, base, 64).
pub(crate) fn parse_uint(text: &[u8], base: u32) -> Option<u64> {
    let (base, digits, underscores) = match (base, text) {
        (0, [b'0', prefix, rest @ ..]) => match prefix.to_ascii_lowercase() {
            b'x' if !rest.is_empty() => (16, rest, true),
            b'o' if !rest.is_empty() => (8, rest, true),
            b'b' if !rest.is_empty() => (2, rest, true),
            _ => (8, &text[1..], true),
        },
        (0, _) => (10, text, true),
        (base, _) => (base, text, false),
    };
    if digits.is_empty() || (underscores && !underscores_are_fine(text)) {
        return None;
    }
    let mut value = 0_u64;
    for &digit in digits {
        if digit == b'_' && underscores {
            continue;
        }
        let digit = char::from(digit).to_digit(base)?;
        value = value.checked_mul(u64::from(base))?.checked_add(u64::from(digit))?;
    }
    Some(value)
}

/// Underscores may only separate digits; a base prefix counts as a digit. Go: strconv.underscoreOK.
fn underscores_are_fine(text: &[u8]) -> bool {
    let (mut last, mut rest, mut hex) = (b'^', text, false);
    if let [b'-' | b'+', tail @ ..] = rest {
        rest = tail;
    }
    if let [b'0', prefix, tail @ ..] = rest
        && matches!(prefix.to_ascii_lowercase(), b'b' | b'o' | b'x')
    {
        hex = prefix.eq_ignore_ascii_case(&b'x');
        last = b'0';
        rest = tail;
    }
    for &byte in rest {
        if byte.is_ascii_digit() || (hex && byte.is_ascii_hexdigit()) {
            last = b'0';
        } else if byte == b'_' {
            if last != b'0' {
                return false;
            }
            last = b'_';
        } else {
            if last == b'_' {
                return false;
            }
            last = b'!';
        }
    }
    last != b'_'
}

/// Reads a float. Go: strconv.ParseFloat(text, 64); `None` for a syntax error and for a value out of range.
pub(crate) fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if ["inf", "infinity", "nan"].iter().any(|word| unsigned.eq_ignore_ascii_case(word)) {
        // Go has no signed NaN text.
        let signed_nan = unsigned.len() < text.len() && unsigned.eq_ignore_ascii_case("nan");
        return if signed_nan { None } else { text.to_ascii_lowercase().parse().ok() };
    }
    if unsigned.get(..2).is_some_and(|prefix| prefix.eq_ignore_ascii_case("0x")) {
        let value = parse_hex_float(&unsigned[2..], text)?;
        return Some(if text.starts_with('-') { -value } else { value });
    }
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if !text.chars().all(plain) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    value.is_finite().then_some(value)
}

/// `digits` follows `0x`; a hexadecimal float needs a `p` exponent.
fn parse_hex_float(digits: &str, whole: &str) -> Option<f64> {
    if digits.contains('_') && !underscores_are_fine(whole.as_bytes()) {
        return None;
    }
    let digits = digits.replace('_', "");
    let (mantissa, exponent) = digits.split_once(['p', 'P'])?;
    if !exponent.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent: i64 =
        match exponent.parse::<i32>() {
            Ok(exponent) => i64::from(exponent),
            Err(_) if exponent.bytes().skip(1).all(|byte| byte.is_ascii_digit()) => {
                if exponent.starts_with('-') { -100_000 } else { 100_000 }
            }
            Err(_) => return None,
        };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    // 64 bits and a sticky bit are enough to round once to 53.
    let (mut value, mut scale, mut sticky) = (0_u64, 0_i64, false);
    for (digit, after_point) in
        whole.chars().map(|digit| (digit, false)).chain(fraction.chars().map(|digit| (digit, true)))
    {
        let digit = digit.to_digit(16)?;
        if value >> 60 == 0 {
            value = value << 4 | u64::from(digit);
            scale -= if after_point { 4 } else { 0 };
        } else {
            sticky |= digit != 0;
            scale += if after_point { 0 } else { 4 };
        }
    }
    let value = ldexp(value | u64::from(sticky), exponent.saturating_add(scale));
    value.is_finite().then_some(value)
}

/// `value * 2^exponent`, rounded once to nearest even.
fn ldexp(value: u64, exponent: i64) -> f64 {
    if value == 0 {
        return 0.0;
    }
    let top = 63 - i64::from(value.leading_zeros()) + exponent;
    if top > 1023 {
        return f64::INFINITY;
    }
    // The lowest bit the result can hold: 53 bits below the top, or the smallest denormal.
    let lowest = (top - 52).max(-1074);
    let shift = lowest - exponent;
    let rounded = match shift {
        64.. => 0,
        1..=63 => {
            let (kept, rest, half) = (value >> shift, value & ((1 << shift) - 1), 1_u64 << (shift - 1));
            kept + u64::from(rest > half || (rest == half && kept & 1 == 1))
        }
        _ => value << -shift,
    };
    let (mut result, mut left) = (rounded as f64, lowest);
    while left != 0 {
        let step = left.clamp(-1000, 1000);
        result *= 2_f64.powi(step as i32);
        left -= step;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_follow_their_prefix() {
        for (text, expected) in [
            ("010", Some(8)),
            ("0x1f", Some(31)),
            ("0b11", Some(3)),
            ("0o17", Some(15)),
            ("08", None),
            ("0", Some(0)),
            ("-0x10", Some(-16)),
            ("1_000", Some(1000)),
            ("0_7", Some(7)),
            ("_1", None),
            ("1__0", None),
            ("0x_1", Some(1)),
            ("", None),
            ("+", None),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("-9223372036854775808", Some(i64::MIN)),
        ] {
            assert_eq!(parse_int(text.as_bytes(), 0), expected, "{text}");
        }
        assert_eq!(parse_int(b"08", 10), Some(8));
        assert_eq!(parse_int(b"1_0", 10), None);
        assert_eq!(parse_int(b"0755", 8), Some(493));
    }

    #[test]
    fn floats_as_go_writes_them() {
        for (text, expected) in [
            ("1.5", Some(1.5)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("1e400", None),
            ("1e-400", Some(0.0)),
            ("inf", Some(f64::INFINITY)),
            ("-Infinity", Some(f64::NEG_INFINITY)),
            ("1_0.5", None),
            ("0x1p4", Some(16.0)),
            ("0x_1.8p1", Some(3.0)),
            ("0x1", None),
            ("-0x.8p0", Some(-0.5)),
            ("0x1.fffffffffffff8p1023", None),
            ("0x1p-1075", Some(0.0)),
            ("0x1.8p-1074", Some(1e-323)),
            ("e5", None),
            ("", None),
            ("+nan", None),
        ] {
            assert_eq!(parse_float(text.as_bytes()), expected, "{text}");
        }
        assert!(parse_float(b"NaN").is_some_and(f64::is_nan));
    }
}
