//! Amounts of resources.

use std::cmp::Ordering;

/// An amount: `100m`, `1.5`, `128Mi`, `1e3`. Compared by value, not by text.
///
/// Source: apimachinery, pkg/api/resource/quantity.go.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    /// The number before the suffix.
    number: f64,
    /// What the suffix multiplies with.
    scale: f64,
}

impl Quantity {
    /// Reads an amount.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text
            .char_indices()
            .find(|&(at, c)| !(c.is_ascii_digit() || c == '.' || (at == 0 && matches!(c, '+' | '-'))))
            .map_or(text.len(), |(at, _)| at);
        let number: f64 = text.get(..end)?.parse().ok()?;
        let scale = match &text[end..] {
            "" => 1.0,
            "n" => 1e-9,
            "u" => 1e-6,
            "m" => 1e-3,
            "k" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            "T" => 1e12,
            "P" => 1e15,
            "E" => 1e18,
            "Ki" => 1024.0,
            "Mi" => 1024_f64.powi(2),
            "Gi" => 1024_f64.powi(3),
            "Ti" => 1024_f64.powi(4),
            "Pi" => 1024_f64.powi(5),
            "Ei" => 1024_f64.powi(6),
            exponent => {
                let digits = exponent.strip_prefix(['e', 'E'])?;
                10_f64.powi(digits.parse().ok()?)
            }
        };
        Some(Self { number, scale })
    }

    /// The amount in units: bytes, cores.
    pub fn value(self) -> f64 {
        self.number * self.scale
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        // `1000m` and `1` differ in the last bit of a float.
        let (one, two) = (self.value(), other.value());
        let close = (one - two).abs() <= one.abs().max(two.abs()) * 1e-12;
        if close { Some(Ordering::Equal) } else { one.partial_cmp(&two) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_compared_by_value() {
        let quantity = |text: &str| Quantity::parse(text).expect("it is an amount");
        for (one, two) in [("1000m", "1"), ("1Gi", "1024Mi"), ("1e3", "1k"), ("0.5", "500m"), ("1E", "1000P")]
        {
            assert!(quantity(one) == quantity(two), "{one} {two}");
        }
        for (less, more) in [("100m", "1"), ("1M", "1Mi"), ("64Mi", "1Gi"), ("-1", "0")] {
            assert!(quantity(less) < quantity(more), "{less} {more}");
        }
        for text in ["", "Mi", "1Q", "1.2.3", "e3", "1ee3"] {
            assert!(Quantity::parse(text).is_none(), "{text}");
        }
    }
}
