//! Floating-point numbers. Source: Go, strconv/ftoa.go and fmt/format.go.

use iac_model::OriginId;

use super::{Flags, Printer};
use crate::Failure;

/// No `f64` has more digits behind the point; further ones are zeros. The standard library refuses more than
/// 65,535.
const MOST_DIGITS: usize = 1100;

impl Printer<'_> {
    /// Formats a floating-point number; the verb is one of `vbgGxXfFeE`, or the result is false.
    pub(super) fn float(&mut self, value: f64, verb: char, origin: OriginId) -> Result<bool, Failure> {
        let (format, precision) = match verb {
            'v' => ('g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => (verb, None),
            'f' | 'e' | 'E' => (verb, Some(6)),
            'F' => ('f', Some(6)),
            _ => return Ok(false),
        };
        let precision = self.flags.precision.or(precision);
        let mut number = append_float(value, format, precision);
        if !number.starts_with(['-', '+']) {
            number.insert(0, '+');
        }
        let Flags { plus, space, zero, minus, sharp, width, .. } = self.flags;
        if space && number.starts_with('+') && !plus {
            number.replace_range(..1, " ");
        }
        if value.is_nan() || value.is_infinite() {
            let number = if value.is_nan() && !space && !plus { &number[1..] } else { &number };
            return self.without_zero(|printer| printer.pad(number, origin)).map(|()| true);
        }
        if sharp && format != 'b' {
            number = with_point(&number, format, precision);
        }
        if plus || !number.starts_with('+') {
            if let Some(width) = width.filter(|&width| zero && !minus && width > number.len()) {
                // The sign stands before the zeros.
                self.room(width)?;
                self.out.push(&number[..1], origin);
                self.padding(width - number.len(), origin);
                self.out.push(&number[1..], origin);
            } else {
                self.pad(number, origin)?;
            }
            return Ok(true);
        }
        self.pad(&number[1..], origin)?;
        Ok(true)
    }

    /// Formats a complex number with the verbs of floating-point ones.
    pub(super) fn complex(
        &mut self,
        parts: (f64, f64),
        verb: char,
        origin: OriginId,
    ) -> Result<bool, Failure> {
        if !matches!(verb, 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E') {
            return Ok(false);
        }
        let plus = self.flags.plus;
        self.write("(", origin)?;
        self.float(parts.0, verb, origin)?;
        // Go: the imaginary part always has a sign.
        self.flags.plus = true;
        self.float(parts.1, verb, origin)?;
        self.write("i)", origin)?;
        self.flags.plus = plus;
        Ok(true)
    }
}

/// Adds the decimal point and the zeros that the flag `#` asks for.
fn with_point(number: &str, format: char, precision: Option<usize>) -> String {
    let mut digits = match format {
        // Go writes the precision of `%x` here as well; without one it counts as 6.
        'g' | 'G' | 'x' => precision.map_or(6, |precision| precision as i64),
        _ => 0,
    };
    let exponent = match format {
        'x' | 'X' => number.find(['p', 'P']),
        _ => number.find(['e', 'E', 'p', 'P']),
    };
    let (mantissa, tail) = number.split_at(exponent.unwrap_or(number.len()));
    let mut out = String::from(mantissa);
    let mut significant = false;
    for c in mantissa[1..].chars().filter(|&c| c != '.') {
        significant |= c != '0';
        digits -= i64::from(significant);
    }
    if !mantissa.contains('.') {
        if &mantissa[1..] == "0" {
            digits -= 1;
        }
        out.push('.');
    }
    out.extend(std::iter::repeat_n('0', digits.max(0) as usize));
    out.push_str(tail);
    out
}

/// Go's `strconv.FormatFloat` for 64 bits; no precision means the shortest digits that read back the same.
pub(crate) fn append_float(value: f64, format: char, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_infinite() {
        return if sign.is_empty() { "+Inf".into() } else { "-Inf".into() };
    }
    let value = value.abs();
    let text = match (format, precision) {
        ('b', _) => binary(value),
        ('x' | 'X', _) => hexadecimal(value, format, precision),
        ('e' | 'E', precision) => {
            exponential(&Decimal::of(value, precision.map(|p| p + 1)), precision, format)
        }
        ('f', Some(precision)) => {
            let known = precision.min(MOST_DIGITS);
            let mut text = format!("{value:.known$}");
            text.extend(std::iter::repeat_n('0', precision - known));
            text
        }
        ('f', None) => fixed(&Decimal::of(value, None), None),
        (_, precision) => general(value, format, precision),
    };
    format!("{sign}{text}")
}

/// Decimal digits and the position of the point: 0.d1d2d3... * 10^point.
struct Decimal {
    digits: Vec<u8>,
    point: i32,
}

impl Decimal {
    /// The shortest digits, or a number of them, correctly rounded. Trailing zeros are cut; zero has no digits.
    fn of(value: f64, digits: Option<usize>) -> Self {
        let text = match digits {
            None => shortest(value),
            Some(digits) => format!("{value:.*e}", digits.clamp(1, MOST_DIGITS) - 1),
        };
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let point = if digits.is_empty() { 0 } else { exponent.parse::<i32>().unwrap_or(0) + 1 };
        Self { digits, point }
    }

    fn digit(&self, at: usize) -> char {
        self.digits.get(at).map_or('0', |&digit| char::from(digit))
    }
}

/// The shortest digits that read back as the same number, in scientific notation.
fn shortest(value: f64) -> String {
    let text = format!("{value:e}");
    let digits = text.bytes().take_while(|&byte| byte != b'e').filter(u8::is_ascii_digit).count();
    // Two numbers of 16 or more digits may be equally close; Go takes the even one, Rust the larger one.
    if digits >= 16 {
        let even = format!("{value:.*e}", digits - 1);
        if even.parse() == Ok(value) {
            return even;
        }
    }
    text
}

fn general(value: f64, format: char, precision: Option<usize>) -> String {
    let precision = precision.map(|precision| precision.max(1));
    let decimal = Decimal::of(value, precision);
    let count = decimal.digits.len() as i64;
    let point = i64::from(decimal.point);
    // Go: %e is used if the exponent is less than -4 or not less than the precision; that is 6 for the shortest
    // digits, and more digits than there are do not count.
    let mut bound = precision.map_or(6, |precision| precision as i64);
    if precision.is_some() && bound > count && count >= point {
        bound = count;
    }
    let exponent = point - 1;
    if exponent < -4 || exponent >= bound {
        let shown = precision.map_or(count, |precision| count.min(precision as i64));
        let letter = if format == 'G' { 'E' } else { 'e' };
        return exponential(&decimal, Some((shown - 1).max(0) as usize), letter);
    }
    fixed(&decimal, Some((count - point).max(0) as usize))
}

fn exponential(decimal: &Decimal, precision: Option<usize>, letter: char) -> String {
    let precision = precision.unwrap_or_else(|| decimal.digits.len().saturating_sub(1));
    let mut out = String::new();
    out.push(decimal.digit(0));
    if precision > 0 {
        out.push('.');
        out.extend((1..=precision).map(|at| decimal.digit(at)));
    }
    let exponent = if decimal.digits.is_empty() { 0 } else { decimal.point - 1 };
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&format!("{letter}{sign}{:02}", exponent.unsigned_abs()));
    out
}

fn fixed(decimal: &Decimal, precision: Option<usize>) -> String {
    let point = i64::from(decimal.point);
    let precision = precision.unwrap_or_else(|| (decimal.digits.len() as i64 - point).max(0) as usize);
    let mut out = String::new();
    match point {
        ..=0 => out.push('0'),
        _ => out.extend((0..point as usize).map(|at| decimal.digit(at))),
    }
    if precision > 0 {
        out.push('.');
        let digit = |at: i64| usize::try_from(at).map_or('0', |at| decimal.digit(at));
        out.extend((0..precision as i64).map(|at| digit(point + at)));
    }
    out
}

/// `%b`: the mantissa as an integer and a power of two.
fn binary(value: f64) -> String {
    let bits = value.to_bits();
    let (exponent, fraction) = ((bits >> 52) as i64, bits & ((1 << 52) - 1));
    let (mantissa, exponent) = match exponent {
        0 => (fraction, 1),
        _ => (fraction | (1 << 52), exponent),
    };
    format!("{mantissa}p{:+}", exponent - 1023 - 52)
}

/// `%x`: -0x1.yyyyyyyyp±ddd
fn hexadecimal(value: f64, format: char, precision: Option<usize>) -> String {
    let bits = value.to_bits();
    let (mut exponent, mut mantissa) = ((bits >> 52) as i64 - 1023, bits & ((1 << 52) - 1));
    if exponent == -1023 {
        exponent = -1022;
    } else {
        mantissa |= 1 << 52;
    }
    if mantissa == 0 {
        exponent = 0;
    } else {
        while mantissa & (1 << 52) == 0 {
            mantissa <<= 1;
            exponent -= 1;
        }
    }
    // 1.fraction with 60 bits behind the point.
    let mut mantissa = u128::from(mantissa) << 8;
    if let Some(precision) = precision.filter(|&precision| precision < 15) {
        let shift = (precision * 4) as u32;
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if extra | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & (1 << 61) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let mut out = format!("0x{}", mantissa >> 60);
    let mut rest = mantissa & ((1 << 60) - 1);
    if precision.is_some_and(|precision| precision > 0) || (precision.is_none() && rest != 0) {
        out.push('.');
        let mut shown = 0;
        while precision.map_or(rest != 0, |precision| shown < precision) {
            let digit = (rest >> 56) as u32;
            out.push(char::from_digit(digit, 16).unwrap_or('0'));
            rest = (rest << 4) & ((1 << 60) - 1);
            shown += 1;
        }
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&format!("p{sign}{:02}", exponent.unsigned_abs()));
    if format == 'X' { out.to_ascii_uppercase() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_equally_close_numbers_the_even_one_is_printed() {
        assert_eq!(append_float(1_215_553_572_030_560.0 + 0.25, 'g', None), "1.2155535720305602e+15");
        assert_eq!(append_float(642_869_637_491_290.0 + 0.25, 'g', None), "6.428696374912902e+14");
        assert_eq!(append_float(5e-324, 'g', None), "5e-324");
    }
}
