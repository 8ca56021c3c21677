//! Natural numbers of any size: just what binary floating point with a fixed precision needs.

use std::cmp::Ordering;

/// A natural number, 32-bit limbs with the lowest first, no zero limb at the top.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Natural(Vec<u32>);

impl Natural {
    pub(super) fn from_u64(value: u64) -> Self {
        Self(vec![value as u32, (value >> 32) as u32]).trimmed()
    }

    /// Reads decimal digits; the caller has checked that there is nothing else.
    pub(super) fn from_digits(digits: &[u8]) -> Self {
        let mut out = Self::default();
        for chunk in digits.chunks(9) {
            let value = chunk.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
            out.multiply_add(10_u32.pow(chunk.len() as u32), value);
        }
        out
    }

    /// Prints decimal digits, `0` for zero.
    pub(super) fn to_digits(&self) -> Vec<u8> {
        let mut rest = self.clone();
        let mut chunks = Vec::new();
        while !rest.is_zero() {
            chunks.push(rest.divide_small(1_000_000_000));
        }
        let mut out = String::new();
        match chunks.pop() {
            None => out.push('0'),
            Some(top) => out.push_str(&top.to_string()),
        }
        for chunk in chunks.iter().rev() {
            out.push_str(&format!("{chunk:09}"));
        }
        out.into_bytes()
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn is_odd(&self) -> bool {
        self.bit(0)
    }

    pub(super) fn bits(&self) -> u64 {
        match self.0.last() {
            None => 0,
            Some(top) => self.0.len() as u64 * 32 - u64::from(top.leading_zeros()),
        }
    }

    pub(super) fn trailing_zeros(&self) -> u64 {
        let whole = self.0.iter().take_while(|&&limb| limb == 0).count();
        let part = self.0.get(whole).map_or(0, |limb| limb.trailing_zeros());
        whole as u64 * 32 + u64::from(part)
    }

    pub(super) fn bit(&self, index: u64) -> bool {
        self.0.get((index / 32) as usize).is_some_and(|limb| limb >> (index % 32) & 1 == 1)
    }

    /// The value, if it fits.
    pub(super) fn to_u64(&self) -> Option<u64> {
        match self.0.as_slice() {
            [] => Some(0),
            [low] => Some(u64::from(*low)),
            [low, high] => Some(u64::from(*low) | u64::from(*high) << 32),
            _ => None,
        }
    }

    pub(super) fn shift_left(&self, bits: u64) -> Self {
        if self.is_zero() {
            return Self::default();
        }
        let (limbs, bits) = ((bits / 32) as usize, bits % 32);
        let mut out = vec![0; limbs];
        let mut carry = 0_u64;
        for &limb in &self.0 {
            let wide = (u64::from(limb) << bits) | carry;
            out.push(wide as u32);
            carry = wide >> 32;
        }
        out.push(carry as u32);
        Self(out).trimmed()
    }

    pub(super) fn shift_right(&self, bits: u64) -> Self {
        let (limbs, bits) = ((bits / 32) as usize, bits % 32);
        let Some(kept) = self.0.get(limbs..) else { return Self::default() };
        let wide = |index: usize| u64::from(kept.get(index).copied().unwrap_or(0));
        let shifted = (0..kept.len()).map(|index| ((wide(index) | wide(index + 1) << 32) >> bits) as u32);
        Self(shifted.collect()).trimmed()
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        let mut out = Vec::with_capacity(self.0.len().max(other.0.len()) + 1);
        let mut carry = 0;
        for index in 0..self.0.len().max(other.0.len()) {
            let sum = carry + limb(&self.0, index) + limb(&other.0, index);
            out.push(sum as u32);
            carry = sum >> 32;
        }
        out.push(carry as u32);
        Self(out).trimmed()
    }

    /// Subtracts a number that is not larger.
    pub(super) fn subtract(&self, other: &Self) -> Self {
        let mut out = Vec::with_capacity(self.0.len());
        let mut borrow = 0;
        for index in 0..self.0.len() {
            let difference = limb(&self.0, index).wrapping_sub(limb(&other.0, index)).wrapping_sub(borrow);
            out.push(difference as u32);
            borrow = difference >> 63;
        }
        Self(out).trimmed()
    }

    pub(super) fn multiply(&self, other: &Self) -> Self {
        let mut out = vec![0_u32; self.0.len() + other.0.len()];
        for (offset, &left) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (index, &right) in other.0.iter().enumerate() {
                let wide = u64::from(left) * u64::from(right) + u64::from(out[offset + index]) + carry;
                out[offset + index] = wide as u32;
                carry = wide >> 32;
            }
            out[offset + other.0.len()] = carry as u32;
        }
        Self(out).trimmed()
    }

    /// Quotient and whether a remainder is left. The divisor is not zero.
    pub(super) fn divide(&self, divisor: &Self) -> (Self, bool) {
        if self.compare(divisor) == Ordering::Less {
            return (Self::default(), !self.is_zero());
        }
        if let [small] = divisor.0.as_slice() {
            let mut quotient = self.clone();
            let rest = quotient.divide_small(*small);
            return (quotient, rest != 0);
        }
        self.divide_long(divisor)
    }

    /// Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D.
    fn divide_long(&self, divisor: &Self) -> (Self, bool) {
        let shift = u64::from(divisor.0.last().copied().unwrap_or(1).leading_zeros());
        let divisor = divisor.shift_left(shift).0;
        let mut rest = self.shift_left(shift).0;
        rest.resize(self.0.len() + 1, 0);
        let n = divisor.len();
        let (top, second) = (u64::from(divisor[n - 1]), u64::from(divisor[n - 2]));
        let mut quotient = vec![0; rest.len() - n];
        for at in (0..quotient.len()).rev() {
            let head = u64::from(rest[at + n]) << 32 | u64::from(rest[at + n - 1]);
            let (mut guess, mut left) = (head / top, head % top);
            while guess >> 32 != 0 || guess * second > (left << 32 | u64::from(rest[at + n - 2])) {
                guess -= 1;
                left += top;
                if left >> 32 != 0 {
                    break;
                }
            }
            let (mut carry, mut borrow) = (0_u64, 0_i64);
            for index in 0..n {
                let product = guess * u64::from(divisor[index]) + carry;
                carry = product >> 32;
                let difference = i64::from(rest[at + index]) - borrow - i64::from(product as u32);
                rest[at + index] = difference as u32;
                borrow = i64::from(difference < 0);
            }
            let difference = i64::from(rest[at + n]) - borrow - carry as i64;
            rest[at + n] = difference as u32;
            if difference < 0 {
                guess -= 1;
                let mut carry = 0;
                for index in 0..n {
                    let sum = u64::from(rest[at + index]) + u64::from(divisor[index]) + carry;
                    rest[at + index] = sum as u32;
                    carry = sum >> 32;
                }
                rest[at + n] = rest[at + n].wrapping_add(carry as u32);
            }
            quotient[at] = guess as u32;
        }
        (Self(quotient).trimmed(), rest.iter().any(|&limb| limb != 0))
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    pub(super) fn power_of_five(exponent: u64) -> Self {
        let (mut out, mut factor, mut rest) = (Self::from_u64(1), Self::from_u64(5), exponent);
        while rest > 0 {
            if rest & 1 == 1 {
                out = out.multiply(&factor);
            }
            factor = factor.multiply(&factor);
            rest >>= 1;
        }
        out
    }

    fn multiply_add(&mut self, factor: u32, addend: u32) {
        let mut carry = u64::from(addend);
        for limb in &mut self.0 {
            let wide = u64::from(*limb) * u64::from(factor) + carry;
            *limb = wide as u32;
            carry = wide >> 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn divide_small(&mut self, divisor: u32) -> u32 {
        let mut rest = 0;
        for limb in self.0.iter_mut().rev() {
            let wide = rest << 32 | u64::from(*limb);
            *limb = (wide / u64::from(divisor)) as u32;
            rest = wide % u64::from(divisor);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        rest as u32
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }
}

fn limb(limbs: &[u32], index: usize) -> u64 {
    limbs.get(index).copied().map_or(0, u64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn natural(digits: &str) -> Natural {
        Natural::from_digits(digits.as_bytes())
    }

    #[test]
    fn digits_come_back() {
        for digits in ["0", "7", "4294967296", "123456789012345678901234567890", "1000000000000000000000"] {
            assert_eq!(String::from_utf8(natural(digits).to_digits()).as_deref(), Ok(digits));
        }
    }

    #[test]
    fn division_undoes_multiplication() {
        let a = natural("98765432109876543210987654321098765432109876543210");
        let b = natural("123456789012345678901234567890");
        let product = a.multiply(&b);
        assert_eq!(product.divide(&b), (a.clone(), false));
        assert_eq!(product.add(&natural("1")).divide(&b), (a.clone(), true));
        assert_eq!(product.subtract(&natural("1")).divide(&b).0, a.subtract(&natural("1")));
        assert_eq!(a.divide(&natural("3")).0.multiply(&natural("3")), a);
    }

    #[test]
    fn long_division_corrects_a_guess_that_is_too_large() {
        let a = Natural(vec![0, 0, 0x8000_0000, 0x7fff_ffff]);
        let b = Natural(vec![1, 0, 0x8000_0000]);
        let (quotient, rest) = a.divide(&b);
        assert!(rest);
        assert_eq!(quotient, Natural(vec![0xffff_fffe]));
    }

    #[test]
    fn shifts_are_powers_of_two() {
        let a = natural("123456789012345678901234567890");
        assert_eq!(a.shift_left(67).shift_right(67), a);
        assert_eq!(a.shift_left(64).trailing_zeros(), 64 + a.trailing_zeros());
        assert_eq!(Natural::power_of_five(30).to_digits(), b"931322574615478515625");
    }
}
