//! Numbers as Terraform has them: binary floating point with up to 512 bits and decimal text.

mod natural;
mod text;

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use natural::Natural;

/// A number.
///
/// Terraform computes with Go's `big.Float`: literals have 512 bits, counts 64, results of the few functions that
/// use machine floats 53. The precision is part of the number since results take the larger of their operands'.
#[derive(Clone, Debug)]
pub struct Number(Repr);

#[derive(Clone, Debug)]
enum Repr {
    Big(Arc<Big>),
    /// Invariant: it is exact at its precision.
    Int(i64, u16),
}

/// `mantissa * 2^exponent`; the mantissa is odd, or zero, or meaningless for an infinity.
#[derive(Clone, Debug, PartialEq)]
struct Big {
    negative: bool,
    infinite: bool,
    mantissa: Natural,
    exponent: i64,
    precision: u32,
}

/// Precision of literals and of what strings are converted to.
const LITERAL: u32 = 512;
/// Beyond this exponent numbers are refused: their text would be megabytes of zeros.
const MAX_EXPONENT: i64 = 200_000;

impl Number {
    /// Reads a decimal number as Go's `big.ParseFloat(text, 10, 512)` does: sign, digits with a point, exponent.
    /// `None` for anything else and for exponents beyond a limit.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        if matches!(rest, b"Inf" | b"inf") {
            return Some(Self::infinity(negative, LITERAL));
        }
        let end = rest.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'.')).unwrap_or(rest.len());
        let (mantissa, exponent) = rest.split_at(end);
        let point = mantissa.iter().position(|&byte| byte == b'.');
        let fraction = point.map_or(0, |point| mantissa.len() - point - 1);
        let digits: Vec<u8> = mantissa.iter().copied().filter(|&byte| byte != b'.').collect();
        if digits.is_empty() || mantissa.len() > digits.len() + 1 || digits.len() > 200_000 {
            return None;
        }
        let (mut five, mut two) = (-(fraction as i64), -(fraction as i64));
        if let [letter, exponent @ ..] = exponent {
            let value = parse_exponent(exponent)?;
            match letter {
                b'e' | b'E' => {
                    five += value;
                    two += value;
                }
                b'p' | b'P' => two += value,
                _ => return None,
            }
        }
        let whole = Natural::from_digits(&digits);
        if whole.is_zero() {
            return Some(Self::zero(negative, LITERAL));
        }
        // Go rounds once, after the power of five, which has 64 bits more.
        let (factor, shift) = power_of_five(five.unsigned_abs(), LITERAL + 64);
        let number = if five < 0 {
            quotient(negative, &whole, &factor, two - shift, LITERAL)
        } else {
            rounded(negative, whole.multiply(&factor), two + shift, false, LITERAL)
        };
        Some(number)
    }

    /// Makes a number as Go code makes one from an integer: with 64 bits.
    pub fn from_i64(value: i64) -> Self {
        Self(Repr::Int(value, 64))
    }

    /// Makes a number as Go code makes one from a length.
    pub fn from_usize(value: usize) -> Self {
        Self::from_i64(value as i64)
    }

    /// Makes a number from a machine float with its 53 bits; `None` for what is not a number.
    pub fn from_f64(value: f64) -> Option<Self> {
        if value.is_nan() {
            return None;
        }
        if value.is_infinite() {
            return Some(Self::infinity(value < 0.0, 53));
        }
        let bits = value.to_bits();
        let (biased, fraction) = ((bits >> 52 & 0x7ff) as i64, bits & ((1 << 52) - 1));
        let (mantissa, exponent) =
            if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
        Some(rounded(value.is_sign_negative(), Natural::from_u64(mantissa), exponent, false, 53))
    }

    /// The integer, if it is one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Int(value, _) => Some(*value),
            Repr::Big(big) => big.as_i64(),
        }
    }

    /// The nearest machine float.
    pub fn as_f64(&self) -> f64 {
        let Repr::Big(big) = &self.0 else { return self.as_i64().unwrap_or(0) as f64 };
        if big.infinite {
            return if big.negative { f64::NEG_INFINITY } else { f64::INFINITY };
        }
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// Tells whether it has no fraction; infinities have none that one could know.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Int(..) => true,
            Repr::Big(big) => !big.infinite && (big.mantissa.is_zero() || big.exponent >= 0),
        }
    }

    /// Tells whether it is positive or negative infinity.
    pub fn is_infinite(&self) -> bool {
        matches!(&self.0, Repr::Big(big) if big.infinite)
    }

    /// Tells whether it is below zero. Negative zero is not.
    pub fn is_negative(&self) -> bool {
        self.compare(&Self::from_i64(0)) == Ordering::Less
    }

    /// Tells whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.compare(&Self::from_i64(0)) == Ordering::Equal
    }

    /// Adds. `None` for infinities of opposite sign.
    pub fn add(&self, other: &Self) -> Option<Self> {
        if let (Repr::Int(a, p), Repr::Int(b, q)) = (&self.0, &other.0)
            && let Some(sum) = a.checked_add(*b)
            && fits(sum, *p.max(q))
            && (sum != 0 || *a != 0)
        {
            return Some(Self(Repr::Int(sum, *p.max(q))));
        }
        let (a, b) = (self.big(), other.big());
        let precision = a.precision.max(b.precision);
        if a.infinite || b.infinite {
            if a.infinite && b.infinite && a.negative != b.negative {
                return None;
            }
            return Some(Self::infinity(if a.infinite { a.negative } else { b.negative }, precision));
        }
        if a.mantissa.is_zero() && b.mantissa.is_zero() {
            return Some(Self::zero(a.negative && b.negative, precision));
        }
        // A summand far below the last bit of the other only decides the rounding.
        let exponent = a.exponent.min(b.exponent);
        if !a.mantissa.is_zero()
            && !b.mantissa.is_zero()
            && (a.exponent - b.exponent).abs() > 4 * MAX_EXPONENT
        {
            return None;
        }
        let left = a.mantissa.shift_left(shift_to(&a, exponent));
        let right = b.mantissa.shift_left(shift_to(&b, exponent));
        let (negative, sum) = match (a.negative == b.negative, left.compare(&right)) {
            (true, _) => (a.negative, left.add(&right)),
            (false, Ordering::Equal) => return Some(Self::zero(false, precision)),
            (false, Ordering::Greater) => (a.negative, left.subtract(&right)),
            (false, Ordering::Less) => (b.negative, right.subtract(&left)),
        };
        Some(rounded(negative, sum, exponent, false, precision))
    }

    /// Subtracts. `None` for infinities of the same sign.
    pub fn subtract(&self, other: &Self) -> Option<Self> {
        self.add(&other.negate())
    }

    /// Changes the sign; zero becomes negative zero, as in Go.
    pub fn negate(&self) -> Self {
        if let Repr::Int(value, precision) = self.0
            && value != 0
            && let Some(negated) = value.checked_neg()
        {
            return Self(Repr::Int(negated, precision));
        }
        let mut big = Big::clone(&self.big());
        big.negative = !big.negative;
        Self(Repr::Big(Arc::new(big)))
    }

    /// The distance from zero.
    pub fn absolute(&self) -> Self {
        let negative = match &self.0 {
            Repr::Int(value, _) => *value < 0,
            Repr::Big(big) => big.negative,
        };
        if negative { self.negate() } else { self.clone() }
    }

    /// Multiplies. `None` for zero times infinity and for results beyond the limit.
    pub fn multiply(&self, other: &Self) -> Option<Self> {
        if let (Repr::Int(a, p), Repr::Int(b, q)) = (&self.0, &other.0)
            && let Some(product) = a.checked_mul(*b)
            && product != 0
            && fits(product, *p.max(q))
        {
            return Some(Self(Repr::Int(product, *p.max(q))));
        }
        let product = self.times(other, LITERAL)?;
        // cty: Value.Multiply: exact up to 512 bits, then the larger precision of the operands or what is needed.
        let big = product.big();
        let precision = self.precision().max(other.precision()).max(big.mantissa.bits() as u32);
        Some(rounded_big(&big, precision))
    }

    fn times(&self, other: &Self, precision: u32) -> Option<Self> {
        let (a, b) = (self.big(), other.big());
        let negative = a.negative != b.negative;
        if a.infinite || b.infinite {
            let zero = (!a.infinite && a.mantissa.is_zero()) || (!b.infinite && b.mantissa.is_zero());
            return (!zero).then(|| Self::infinity(negative, precision));
        }
        if a.mantissa.is_zero() || b.mantissa.is_zero() {
            return Some(Self::zero(negative, precision));
        }
        let exponent = a.exponent + b.exponent;
        if exponent.abs() > MAX_EXPONENT {
            return None;
        }
        Some(rounded(negative, a.mantissa.multiply(&b.mantissa), exponent, false, precision))
    }

    /// Divides; by zero gives infinity. `None` for 0/0 and for infinity divided by infinity.
    pub fn divide(&self, other: &Self) -> Option<Self> {
        let (a, b) = (self.big(), other.big());
        let (negative, precision) = (a.negative != b.negative, a.precision.max(b.precision));
        match (a.infinite, b.infinite, a.mantissa.is_zero(), b.mantissa.is_zero()) {
            (true, true, ..) => None,
            (true, false, ..) => Some(Self::infinity(negative, precision)),
            (false, true, ..) => Some(Self::zero(negative, precision)),
            (false, false, true, true) => None,
            (false, false, true, false) => Some(Self::zero(negative, precision)),
            (false, false, false, true) => Some(Self::infinity(negative, precision)),
            (false, false, false, false) => {
                let exponent = a.exponent - b.exponent;
                Some(quotient(negative, &a.mantissa, &b.mantissa, exponent, precision))
            }
        }
    }

    /// The rest of a division that truncates, with the sign of the dividend; a divisor of zero gives the dividend.
    pub fn modulo(&self, other: &Self) -> Option<Self> {
        if self.is_infinite() || other.is_infinite() {
            return self.multiply(other);
        }
        if other.is_zero() {
            return Some(self.clone());
        }
        // cty: Value.Modulo: what follows the division has the dividend's precision.
        let whole = self.divide(other)?.truncate();
        let whole = rounded_big(&whole.big(), self.precision());
        let product = other.times(&whole, self.precision())?;
        let difference = self.subtract(&product)?;
        Some(rounded_big(&difference.big(), self.precision()))
    }

    /// Drops the fraction.
    pub fn truncate(&self) -> Self {
        let Repr::Big(big) = &self.0 else { return self.clone() };
        if self.is_integer() || big.infinite {
            return self.clone();
        }
        let whole = big.mantissa.shift_right(big.exponent.unsigned_abs());
        rounded(big.negative, whole, 0, false, big.precision)
    }

    /// The largest integer that is not larger.
    pub fn floor(&self) -> Self {
        let whole = self.truncate();
        let below = self.compare(&whole) == Ordering::Less;
        if below { whole.subtract(&Self::from_i64(1)).unwrap_or(whole) } else { whole }
    }

    /// The smallest integer that is not smaller.
    pub fn ceiling(&self) -> Self {
        let whole = self.truncate();
        let above = self.compare(&whole) == Ordering::Greater;
        if above { whole.add(&Self::from_i64(1)).unwrap_or(whole) } else { whole }
    }

    /// Compares by value; precision and the sign of zero play no part.
    pub fn compare(&self, other: &Self) -> Ordering {
        if let (Repr::Int(a, _), Repr::Int(b, _)) = (&self.0, &other.0) {
            return a.cmp(b);
        }
        let (a, b) = (self.big(), other.big());
        let sign = |big: &Big| match (big.mantissa.is_zero() && !big.infinite, big.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let signs = sign(&a).cmp(&sign(&b));
        if signs != Ordering::Equal || sign(&a) == 0 {
            return signs;
        }
        let magnitude = match (a.infinite, b.infinite) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => a.compare_magnitude(&b),
        };
        if a.negative { magnitude.reverse() } else { magnitude }
    }

    fn zero(negative: bool, precision: u32) -> Self {
        if !negative {
            return Self(Repr::Int(0, precision as u16));
        }
        let mantissa = Natural::default();
        Self(Repr::Big(Arc::new(Big { negative, infinite: false, mantissa, exponent: 0, precision })))
    }

    fn infinity(negative: bool, precision: u32) -> Self {
        let mantissa = Natural::default();
        Self(Repr::Big(Arc::new(Big { negative, infinite: true, mantissa, exponent: 0, precision })))
    }

    fn precision(&self) -> u32 {
        match &self.0 {
            Repr::Int(_, precision) => u32::from(*precision),
            Repr::Big(big) => big.precision,
        }
    }

    fn big(&self) -> Arc<Big> {
        match &self.0 {
            Repr::Big(big) => Arc::clone(big),
            Repr::Int(value, precision) => {
                let mantissa = Natural::from_u64(value.unsigned_abs());
                let exponent = mantissa.trailing_zeros() as i64;
                let mantissa = mantissa.shift_right(exponent as u64);
                let precision = u32::from(*precision);
                Arc::new(Big { negative: *value < 0, infinite: false, mantissa, exponent, precision })
            }
        }
    }
}

impl Big {
    fn as_i64(&self) -> Option<i64> {
        if self.infinite || self.exponent < 0 || self.exponent > 63 {
            return (!self.infinite && self.mantissa.is_zero()).then_some(0);
        }
        let magnitude = self.mantissa.shift_left(self.exponent as u64).to_u64()?;
        if self.negative { 0_i64.checked_sub_unsigned(magnitude) } else { magnitude.try_into().ok() }
    }

    fn compare_magnitude(&self, other: &Self) -> Ordering {
        let top = |big: &Self| big.mantissa.bits() as i64 + big.exponent;
        top(self).cmp(&top(other)).then_with(|| {
            let exponent = self.exponent.min(other.exponent);
            let left = self.mantissa.shift_left(shift_to(self, exponent));
            left.compare(&other.mantissa.shift_left(shift_to(other, exponent)))
        })
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.compare(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl fmt::Display for Number {
    /// Prints decimal digits without an exponent: as many as are needed to read the same number back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            // Beyond the precision the last digits say nothing, and the shortest form has zeros there.
            Repr::Int(value, precision) if fits(*value, *precision) => write!(f, "{value}"),
            _ => f.write_str(&text::shortest(&self.big())),
        }
    }
}

impl Number {
    /// Prints with a fixed count of digits after the point, as C's `%.Nf`.
    pub fn to_fixed(&self, digits: usize) -> String {
        text::fixed(&self.big(), digits)
    }

    /// Prints with an exponent, as C's `%.Ne`; the shortest exact form without a count.
    pub fn to_exponent(&self, digits: Option<usize>) -> String {
        text::exponent(&self.big(), digits)
    }

    /// Prints with a count of significant digits, as C's `%.Ng`; the shortest exact form without a count.
    pub fn to_general(&self, digits: Option<usize>) -> String {
        text::general(&self.big(), digits)
    }

    /// The digits of an integer in a base from 2 to 36, lower case; `None` for a number with a fraction.
    pub fn to_radix(&self, radix: u32) -> Option<String> {
        let big = self.big();
        if !self.is_integer() {
            return None;
        }
        Some(text::radix(&big, radix))
    }

    /// Reads an integer in a base from 2 to 62, as Go's `big.Int.SetString` does, with the precision Go gives it.
    pub fn parse_radix(text: &str, radix: u32) -> Option<Self> {
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        if digits.is_empty() || digits.len() > 100_000 {
            return None;
        }
        let mut value = Natural::default();
        let base = Natural::from_u64(u64::from(radix));
        for &byte in digits {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'a'..=b'z' => byte - b'a' + 10,
                b'A'..=b'Z' if radix <= 36 => byte - b'A' + 10,
                b'A'..=b'Z' => byte - b'A' + 36,
                _ => return None,
            };
            if u32::from(digit) >= radix {
                return None;
            }
            value = value.multiply(&base).add(&Natural::from_u64(u64::from(digit)));
        }
        let precision = (value.bits() as u32).max(64);
        Some(rounded(negative, value, 0, false, precision))
    }
}

fn fits(value: i64, precision: u16) -> bool {
    precision >= 64 || value.unsigned_abs() < 1 << precision.min(63)
}

fn shift_to(big: &Big, exponent: i64) -> u64 {
    if big.mantissa.is_zero() { 0 } else { (big.exponent - exponent).unsigned_abs() }
}

fn parse_exponent(digits: &[u8]) -> Option<i64> {
    let (negative, digits) = match digits {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || digits.len() > 9 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    (value <= MAX_EXPONENT / 4).then_some(if negative { -value } else { value })
}

/// `5^exponent` as mantissa and power of two, rounded as Go's `Float.pow5` rounds.
fn power_of_five(exponent: u64, precision: u32) -> (Natural, i64) {
    if exponent <= 248 {
        return (Natural::power_of_five(exponent), 0);
    }
    const TABLE: u64 = 27;
    let mut out = rounded(false, Natural::power_of_five(TABLE), 0, false, precision);
    let mut factor = rounded(false, Natural::from_u64(5), 0, false, precision + 64);
    let mut rest = exponent - TABLE;
    while rest > 0 {
        if rest & 1 == 1 {
            out = out.times(&factor, precision).unwrap_or(out);
        }
        rest >>= 1;
        if rest > 0 {
            factor = factor.times(&factor, precision + 64).unwrap_or(factor);
        }
    }
    let big = out.big();
    (big.mantissa.clone(), big.exponent)
}

fn quotient(negative: bool, a: &Natural, b: &Natural, exponent: i64, precision: u32) -> Number {
    // Two bits more than needed, and the rest counts as one more below them.
    let shift = (u64::from(precision) + 2 + b.bits()).saturating_sub(a.bits());
    let (quotient, rest) = a.shift_left(shift).divide(b);
    rounded(negative, quotient, exponent - shift as i64, rest, precision)
}

fn rounded_big(big: &Big, precision: u32) -> Number {
    if big.infinite {
        return Number::infinity(big.negative, precision);
    }
    if big.mantissa.is_zero() {
        return Number::zero(big.negative, precision);
    }
    rounded(big.negative, big.mantissa.clone(), big.exponent, false, precision)
}

/// Rounds to the nearest number of `precision` bits, to the even one in the middle; `rest` tells that bits below the
/// mantissa are not all zero.
fn rounded(negative: bool, mantissa: Natural, exponent: i64, rest: bool, precision: u32) -> Number {
    let (mut mantissa, mut exponent) = (mantissa, exponent);
    let surplus = mantissa.bits().saturating_sub(u64::from(precision));
    if surplus > 0 {
        let half = mantissa.bit(surplus - 1);
        let below = rest || mantissa.trailing_zeros() < surplus - 1;
        mantissa = mantissa.shift_right(surplus);
        exponent += surplus as i64;
        if half && (below || mantissa.is_odd()) {
            mantissa = mantissa.add(&Natural::from_u64(1));
        }
    }
    if mantissa.is_zero() {
        return Number::zero(negative, precision);
    }
    let zeros = mantissa.trailing_zeros();
    let big = Big {
        negative,
        infinite: false,
        mantissa: mantissa.shift_right(zeros),
        exponent: exponent + zeros as i64,
        precision,
    };
    match big.as_i64() {
        Some(value) => Number(Repr::Int(value, precision as u16)),
        None => Number(Repr::Big(Arc::new(big))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).expect("it is a number")
    }

    #[test]
    fn decimals_print_as_they_were_written() {
        for text in
            ["0", "1", "-5", "0.1", "1.5", "3.14159265358979", "123456789012345678901234567890", "0.000001"]
        {
            assert_eq!(number(text).to_string(), text);
        }
        assert_eq!(number("1e3").to_string(), "1000");
        assert_eq!(number("1.50").to_string(), "1.5");
        assert_eq!(number("-0").to_string(), "-0");
        let large = format!("1{}", "0".repeat(300));
        assert_eq!(number("1e300").to_string(), large);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", ".", "1.2.3", "1e", "1e+", "0x10", " 1", "1 ", "1_000", "abc", "1e999999999"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn sums_and_quotients_have_512_bits() {
        assert_eq!(number("0.1").add(&number("0.2")), Some(number("0.3")));
        let third = number("1").divide(&number("3")).expect("not by zero");
        assert_eq!(third.multiply(&number("3")), Some(number("1")));
        // As `terraform console` prints it.
        assert_eq!(third.to_string(), format!("0.{}5", "3".repeat(154)));
        assert!(number("1").divide(&number("0")).is_some_and(|number| number.is_infinite()));
        assert_eq!(number("0").divide(&number("0")), None);
    }

    #[test]
    fn rests_have_the_sign_of_the_dividend() {
        let modulo = |a: &str, b: &str| number(a).modulo(&number(b)).map(|number| number.to_string());
        assert_eq!(modulo("-7", "3").as_deref(), Some("-1"));
        assert_eq!(modulo("7", "-3").as_deref(), Some("1"));
        assert_eq!(modulo("5", "0").as_deref(), Some("5"));
        assert_eq!(modulo("5.5", "2").as_deref(), Some("1.5"));
    }

    #[test]
    fn whole_parts() {
        let all = |text: &str| {
            let number = number(text);
            [number.floor(), number.ceiling(), number.truncate()].map(|number| number.to_string())
        };
        assert_eq!(all("-1.5"), ["-2", "-1", "-1"]);
        assert_eq!(all("1.5"), ["1", "2", "1"]);
        assert_eq!(all("7"), ["7", "7", "7"]);
    }

    #[test]
    fn machine_floats_keep_their_value() {
        for float in [0.1, -2.5e-10, 1e22, 5e-324, 123_456.75] {
            let number = Number::from_f64(float).expect("it is a number");
            assert_eq!(number.as_f64(), float);
        }
        assert_eq!(Number::from_f64(f64::NAN), None);
    }

    #[test]
    fn large_machine_floats_print_in_their_shortest_form() {
        let shown = |float: f64| Number::from_f64(float).map(|number| number.to_string());
        assert_eq!(shown(2_f64.powi(52)).as_deref(), Some("4503599627370496"));
        assert_eq!(shown(2_f64.powi(62)).as_deref(), Some("4611686018427388000"));
        assert_eq!(shown(-(2_f64.powi(63))).as_deref(), Some("-9223372036854776000"));
        assert_eq!(Number::from_f64(2_f64.powi(62)), Some(number("4611686018427387904")));
    }

    #[test]
    fn integers_in_other_bases() {
        assert_eq!(Number::parse_radix("ff", 16), Some(number("255")));
        assert_eq!(Number::parse_radix("-1010", 2), Some(number("-10")));
        assert_eq!(Number::parse_radix("8", 8), None);
        assert_eq!(number("255").to_radix(16).as_deref(), Some("ff"));
        assert_eq!(number("-10").to_radix(2).as_deref(), Some("-1010"));
        assert_eq!(number("1.5").to_radix(2), None);
    }
}
