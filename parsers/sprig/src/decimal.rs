//! Decimal numbers without loss, as shopspring/decimal v1.4.0 computes them: behind `addf`, `subf`, `mulf`, `divf`.

use std::cmp::Ordering;

/// Digits in one limb.
const DIGITS: usize = 9;
/// One more than the largest limb.
const BASE: u64 = 1_000_000_000;
/// Decimal places of a quotient. shopspring: DivisionPrecision.
const PLACES: i64 = 16;

/// `coefficient * 10^exponent`.
#[derive(Clone, Debug)]
pub(crate) struct Decimal {
    negative: bool,
    coefficient: Natural,
    exponent: i64,
}

/// A natural number, least significant limb first, no leading zero limbs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Natural(Vec<u32>);

impl Decimal {
    /// The shortest decimal that reads back as the float; `None` for infinities and NaN. shopspring: NewFromFloat.
    pub(crate) fn from_f64(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let text = format!("{:e}", value.abs());
        let (mantissa, exponent) = text.split_once('e')?;
        let exponent: i64 = exponent.parse().ok()?;
        let places = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i64);
        let digits: u64 = mantissa.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()?;
        Some(Self { negative: value < 0.0, coefficient: Natural::new(digits), exponent: exponent - places })
    }

    /// The closest float.
    pub(crate) fn to_f64(&self) -> f64 {
        let text = format!("{}e{}", self.coefficient.digits(), self.exponent);
        let value: f64 = text.parse().unwrap_or(f64::NAN);
        if self.negative && value != 0.0 { -value } else { value }
    }

    /// The sum.
    pub(crate) fn add(&self, other: &Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        let (a, b) = (self.rescaled(exponent), other.rescaled(exponent));
        let (negative, coefficient) = match (self.negative == other.negative, a.compare(&b)) {
            (true, _) => (self.negative, a.plus(&b)),
            (false, Ordering::Less) => (other.negative, b.minus(&a)),
            (false, _) => (self.negative, a.minus(&b)),
        };
        Self { negative, coefficient, exponent }
    }

    /// The difference.
    pub(crate) fn subtract(&self, other: &Self) -> Self {
        self.add(&Self { negative: !other.negative, ..other.clone() })
    }

    /// The product.
    pub(crate) fn multiply(&self, other: &Self) -> Self {
        Self {
            negative: self.negative != other.negative,
            coefficient: self.coefficient.times(&other.coefficient),
            exponent: self.exponent + other.exponent,
        }
    }

    /// The quotient, rounded half away from zero to 16 places; `None` when dividing by zero.
    pub(crate) fn divide(&self, other: &Self) -> Option<Self> {
        if other.coefficient.is_zero() {
            return None;
        }
        // Bring both to integers whose quotient counts units of 10^-16.
        let shift = self.exponent - other.exponent + PLACES;
        let (dividend, divisor) = if shift >= 0 {
            (self.coefficient.shifted(shift as usize), other.coefficient.clone())
        } else {
            (self.coefficient.clone(), other.coefficient.shifted(shift.unsigned_abs() as usize))
        };
        let (quotient, rest) = dividend.divide(&divisor);
        let up = rest.plus(&rest).compare(&divisor) != Ordering::Less;
        let coefficient = if up { quotient.plus(&Natural::new(1)) } else { quotient };
        Some(Self { negative: self.negative != other.negative, coefficient, exponent: -PLACES })
    }

    fn rescaled(&self, exponent: i64) -> Natural {
        self.coefficient.shifted((self.exponent - exponent) as usize)
    }
}

impl Natural {
    fn new(value: u64) -> Self {
        let limbs = [value % BASE, value / BASE % BASE, value / BASE / BASE];
        Self(limbs.map(|limb| limb as u32).to_vec()).trimmed()
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    fn digits(&self) -> String {
        let mut out = String::from("0");
        for limb in self.0.iter().rev() {
            out.push_str(&format!("{limb:09}"));
        }
        out
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    fn plus(&self, other: &Self) -> Self {
        let mut carry = 0;
        let mut limbs = Vec::with_capacity(self.0.len().max(other.0.len()) + 1);
        for index in 0..self.0.len().max(other.0.len()) {
            let limb = |number: &Self| u64::from(number.0.get(index).copied().unwrap_or(0));
            let sum = limb(self) + limb(other) + carry;
            limbs.push((sum % BASE) as u32);
            carry = sum / BASE;
        }
        limbs.push(carry as u32);
        Self(limbs).trimmed()
    }

    /// Invariant: `other` is not larger.
    fn minus(&self, other: &Self) -> Self {
        let mut borrow = 0;
        let mut limbs = Vec::with_capacity(self.0.len());
        for (index, &limb) in self.0.iter().enumerate() {
            let taken = u64::from(other.0.get(index).copied().unwrap_or(0)) + borrow;
            borrow = u64::from(u64::from(limb) < taken);
            limbs.push((u64::from(limb) + borrow * BASE - taken) as u32);
        }
        Self(limbs).trimmed()
    }

    fn times(&self, other: &Self) -> Self {
        let mut limbs = vec![0_u64; self.0.len() + other.0.len() + 1];
        for (at, &a) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (offset, &b) in other.0.iter().enumerate() {
                let sum = limbs[at + offset] + u64::from(a) * u64::from(b) + carry;
                limbs[at + offset] = sum % BASE;
                carry = sum / BASE;
            }
            limbs[at + other.0.len()] += carry;
        }
        Self(limbs.into_iter().map(|limb| limb as u32).collect()).trimmed()
    }

    fn times_small(&self, factor: u64) -> Self {
        self.times(&Self::new(factor))
    }

    /// `self * 10^places`.
    fn shifted(&self, places: usize) -> Self {
        if self.is_zero() {
            return self.clone();
        }
        let mut limbs = vec![0; places / DIGITS];
        limbs.extend(&self.0);
        Self(limbs).times_small(10_u64.pow((places % DIGITS) as u32))
    }

    /// Quotient and rest by long division; the quotient limb is found by bisection, which is exact and simple.
    fn divide(&self, divisor: &Self) -> (Self, Self) {
        let mut quotient = vec![0; self.0.len()];
        let mut rest = Self(Vec::new());
        for index in (0..self.0.len()).rev() {
            rest.0.insert(0, self.0[index]);
            rest = rest.trimmed();
            if rest.compare(divisor) == Ordering::Less {
                continue;
            }
            let (mut low, mut high) = (1, BASE - 1);
            while low < high {
                let middle = (low + high).div_ceil(2);
                if divisor.times_small(middle).compare(&rest) == Ordering::Greater {
                    high = middle - 1;
                } else {
                    low = middle;
                }
            }
            rest = rest.minus(&divisor.times_small(low));
            quotient[index] = low as u32;
        }
        (Self(quotient).trimmed(), rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(value: f64) -> Decimal {
        Decimal::from_f64(value).unwrap()
    }

    #[test]
    fn sums_have_no_binary_noise() {
        assert_eq!(decimal(0.1).add(&decimal(0.2)).to_f64(), 0.3);
        assert_eq!(decimal(1.1).subtract(&decimal(2.2)).to_f64(), -1.1);
        assert_eq!(decimal(1e308).add(&decimal(1e-308)).subtract(&decimal(1e308)).to_f64(), 1e-308);
        assert_eq!(decimal(1e308).add(&decimal(1e308)).to_f64(), f64::INFINITY);
        assert!(Decimal::from_f64(f64::NAN).is_none());
    }

    #[test]
    fn products_and_quotients() {
        assert_eq!(decimal(1.1).multiply(&decimal(1.1)).to_f64(), 1.21);
        assert_eq!(decimal(-1e300).multiply(&decimal(1e-300)).to_f64(), -1.0);
        assert_eq!(decimal(10.0).divide(&decimal(3.0)).unwrap().to_f64(), 3.333_333_333_333_333_3);
        assert_eq!(decimal(-2.0).divide(&decimal(3.0)).unwrap().to_f64(), -0.666_666_666_666_666_7);
        assert_eq!(decimal(1e300).divide(&decimal(1e-10)).unwrap().to_f64(), f64::INFINITY);
        assert_eq!(decimal(123_456_789_012.0).divide(&decimal(0.5)).unwrap().to_f64(), 246_913_578_024.0);
        assert!(decimal(1.0).divide(&decimal(0.0)).is_none());
    }
}
