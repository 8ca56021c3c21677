//! Decimal text of numbers, by Go's `math/big/ftoa.go`.

use super::{Big, Natural};

/// Digits `0.d1d2d3... * 10^point` without trailing zeros.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

/// The fewest digits that round to the same number at its precision, never with an exponent.
pub(super) fn shortest(big: &Big) -> String {
    signed(big, |big| {
        let decimal = round_shortest(big);
        let fraction = (decimal.digits.len() as i64 - decimal.point).max(0) as usize;
        decimal.plain(fraction)
    })
}

pub(super) fn fixed(big: &Big, fraction: usize) -> String {
    signed(big, |big| {
        let mut decimal = exact(&big.mantissa, big.exponent);
        let keep = decimal.point + fraction as i64;
        decimal.round(keep);
        decimal.plain(fraction)
    })
}

pub(super) fn exponent(big: &Big, fraction: Option<usize>) -> String {
    signed(big, |big| match fraction {
        None => {
            let decimal = round_shortest(big);
            let fraction = decimal.digits.len().saturating_sub(1);
            decimal.scientific(fraction)
        }
        Some(fraction) => {
            let mut decimal = exact(&big.mantissa, big.exponent);
            decimal.round(fraction as i64 + 1);
            decimal.scientific(fraction)
        }
    })
}

pub(super) fn general(big: &Big, digits: Option<usize>) -> String {
    signed(big, |big| {
        let (decimal, precision, mut limit) = match digits {
            None => {
                let decimal = round_shortest(big);
                (decimal, None, 6)
            }
            Some(digits) => {
                let digits = digits.max(1);
                let mut decimal = exact(&big.mantissa, big.exponent);
                decimal.round(digits as i64);
                (decimal, Some(digits), digits as i64)
            }
        };
        let count = decimal.digits.len() as i64;
        if precision.is_some() && limit > count && count >= decimal.point {
            limit = count;
        }
        // Go: the shortest form switches to an exponent from 10^21 on.
        if precision.is_none() {
            limit = 21;
        }
        let exponent = decimal.point - 1;
        if exponent < -4 || exponent >= limit {
            return decimal.scientific((count - 1).max(0) as usize);
        }
        decimal.plain((count - decimal.point).max(0) as usize)
    })
}

pub(super) fn radix(big: &Big, radix: u32) -> String {
    signed(big, |big| {
        let mut rest = big.mantissa.shift_left(big.exponent.unsigned_abs());
        let mut digits = Vec::new();
        let base = Natural::from_u64(u64::from(radix));
        while !rest.is_zero() {
            let (quotient, _) = rest.divide(&base);
            let digit = rest.subtract(&quotient.multiply(&base)).to_u64().unwrap_or(0) as u32;
            digits.push(char::from_digit(digit, radix).unwrap_or('0'));
            rest = quotient;
        }
        if digits.is_empty() { "0".to_owned() } else { digits.iter().rev().collect() }
    })
}

fn signed(big: &Big, print: impl FnOnce(&Big) -> String) -> String {
    let sign = if big.negative { "-" } else { "" };
    if big.infinite {
        return format!("{}Inf", if big.negative { "-" } else { "+" });
    }
    format!("{sign}{}", print(big))
}

/// The exact decimal of `mantissa * 2^exponent`.
fn exact(mantissa: &Natural, exponent: i64) -> Decimal {
    if mantissa.is_zero() {
        return Decimal { digits: Vec::new(), point: 0 };
    }
    let (digits, fraction) = if exponent >= 0 {
        (mantissa.shift_left(exponent as u64).to_digits(), 0)
    } else {
        // m / 2^n = m * 5^n / 10^n
        let power = exponent.unsigned_abs();
        (mantissa.multiply(&Natural::power_of_five(power)).to_digits(), power as i64)
    };
    let point = digits.len() as i64 - fraction;
    Decimal { digits, point }.trimmed()
}

/// Go: `roundShortest`.
fn round_shortest(big: &Big) -> Decimal {
    let mut decimal = exact(&big.mantissa, big.exponent);
    if decimal.digits.is_empty() {
        return decimal;
    }
    // Half a unit in the last place on either side, as a mantissa of one bit more.
    let shift = u64::from(big.precision) + 1 - big.mantissa.bits();
    let mantissa = big.mantissa.shift_left(shift);
    let exponent = big.exponent - shift as i64;
    let one = Natural::from_u64(1);
    let lower = exact(&mantissa.subtract(&one), exponent);
    let upper = exact(&mantissa.add(&one), exponent);
    let inclusive = !mantissa.bit(1);
    for (index, &digit) in decimal.digits.iter().enumerate() {
        let (low, high) = (lower.at(index), upper.at(index));
        let down = low != digit || (inclusive && index + 1 == lower.digits.len());
        let up = digit != high && (inclusive || digit + 1 < high || index + 1 < upper.digits.len());
        match (down, up) {
            (true, true) => decimal.round(index as i64 + 1),
            (true, false) => {
                decimal.digits.truncate(index + 1);
                decimal = decimal.trimmed();
            }
            (false, true) => decimal.round_up(index + 1),
            (false, false) => continue,
        }
        break;
    }
    decimal
}

impl Decimal {
    fn at(&self, index: usize) -> u8 {
        self.digits.get(index).copied().unwrap_or(b'0')
    }

    /// Rounds to `count` digits, half to even.
    fn round(&mut self, count: i64) {
        if count < 0 {
            self.digits.clear();
            self.point = 0;
            return;
        }
        let count = count as usize;
        if count >= self.digits.len() {
            return;
        }
        let exactly_half = self.digits[count] == b'5' && count + 1 == self.digits.len();
        let up = if exactly_half {
            count > 0 && (self.digits[count - 1] - b'0') % 2 == 1
        } else {
            self.digits[count] >= b'5'
        };
        if up {
            self.round_up(count);
        } else {
            self.digits.truncate(count);
            self.trim();
        }
    }

    fn round_up(&mut self, count: usize) {
        self.digits.truncate(count);
        while let Some(digit) = self.digits.pop() {
            if digit < b'9' {
                self.digits.push(digit + 1);
                return;
            }
        }
        self.digits.push(b'1');
        self.point += 1;
    }

    fn trimmed(mut self) -> Self {
        self.trim();
        self
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
    }

    fn plain(&self, fraction: usize) -> String {
        let digit = |index: i64| usize::try_from(index).map_or('0', |index| char::from(self.at(index)));
        let mut out: String =
            if self.point > 0 { (0..self.point).map(digit).collect() } else { "0".to_owned() };
        if fraction > 0 {
            out.push('.');
            out.extend((0..fraction as i64).map(|index| digit(self.point + index)));
        }
        out
    }

    fn scientific(&self, fraction: usize) -> String {
        let mut out = String::from(char::from(self.at(0)));
        if fraction > 0 {
            out.push('.');
            out.extend((1..=fraction).map(|index| char::from(self.at(index))));
        }
        let exponent = if self.digits.is_empty() { 0 } else { self.point - 1 };
        let sign = if exponent < 0 { '-' } else { '+' };
        out.push_str(&format!("e{sign}{:02}", exponent.abs()));
        out
    }
}

#[cfg(test)]
mod tests {
    use crate::Number;

    fn number(text: &str) -> Number {
        Number::parse(text).expect("it is a number")
    }

    #[test]
    fn fixed_and_exponent_forms() {
        assert_eq!(number("3.14159").to_fixed(2), "3.14");
        assert_eq!(number("2.5").to_fixed(0), "2");
        assert_eq!(number("3.5").to_fixed(0), "4");
        assert_eq!(number("0.05").to_fixed(1), "0.1");
        assert_eq!(number("0.001").to_fixed(1), "0.0");
        assert_eq!(number("12345").to_exponent(Some(2)), "1.23e+04");
        assert_eq!(number("0.00012").to_exponent(None), "1.2e-04");
        assert_eq!(number("100000").to_general(Some(10)), "100000");
        assert_eq!(number("12345678901234").to_general(Some(10)), "1.23456789e+13");
        assert_eq!(number("1e21").to_general(None), "1e+21");
    }
}
