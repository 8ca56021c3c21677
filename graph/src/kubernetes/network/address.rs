//! Ranges of IP addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range of addresses of one family, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressRange {
    family: Family,
    from: u128,
    to: u128,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Family {
    V4,
    V6,
}

impl AddressRange {
    /// All IPv4 addresses.
    pub const IPV4: AddressRange = AddressRange { family: Family::V4, from: 0, to: u32::MAX as u128 };

    /// Reads a CIDR (`10.0.0.0/8`) or a single address.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.trim().split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text.trim(), None),
        };
        let (family, number, bits) = match address.parse().ok()? {
            IpAddr::V4(address) => (Family::V4, u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (Family::V6, u128::from(address), 128),
        };
        let length = length.unwrap_or(bits);
        if length > bits {
            return None;
        }
        let free = bits - length;
        let mask = if free == 128 { u128::MAX } else { (1_u128 << free) - 1 };
        Some(Self { family, from: number & !mask, to: number | mask })
    }

    /// The first address.
    pub(super) fn start(self) -> u128 {
        self.from
    }

    /// The last address.
    pub(super) fn end(self) -> u128 {
        self.to
    }

    /// A part of a range of the same family.
    pub(super) fn between(self, from: u128, to: u128) -> Self {
        Self { family: self.family, from, to }
    }

    /// Tells whether all of another range lies in it.
    pub fn covers(self, other: AddressRange) -> bool {
        self.family == other.family && self.from <= other.from && other.to <= self.to
    }

    /// Tells whether it and another range share an address.
    pub fn overlaps(self, other: AddressRange) -> bool {
        self.family == other.family && self.from <= other.to && other.from <= self.to
    }

    /// Tells whether it is every address of its family.
    pub fn is_everything(self) -> bool {
        match self.family {
            Family::V4 => self == Self::IPV4,
            Family::V6 => self.from == 0 && self.to == u128::MAX,
        }
    }

    /// Tells whether it holds only private, link-local or loopback addresses, and those shared behind a carrier.
    pub fn is_private(self) -> bool {
        const PRIVATE: [&str; 8] = [
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "fc00::/7",
            "fe80::/10",
        ];
        PRIVATE.iter().filter_map(|range| Self::parse(range)).any(|range| range.covers(self))
    }
}

/// `10.0.0.0-10.255.255.255`, one address alone.
impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |number: u128, f: &mut fmt::Formatter<'_>| match self.family {
            Family::V4 => write!(f, "{}", Ipv4Addr::from(number as u32)),
            Family::V6 => write!(f, "{}", Ipv6Addr::from(number)),
        };
        show(self.from, f)?;
        if self.from != self.to {
            f.write_str("-")?;
            show(self.to, f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_compared() {
        let range = |text: &str| AddressRange::parse(text).expect("it is a range");
        assert_eq!(range("10.1.2.3/8").to_string(), "10.0.0.0-10.255.255.255");
        assert_eq!(range("169.254.169.254").to_string(), "169.254.169.254");
        assert!(range("0.0.0.0/0").is_everything() && range("::/0").is_everything());
        assert!(range("10.0.0.0/8").covers(range("10.2.0.0/16")));
        assert!(!range("0.0.0.0/0").covers(range("::1/128")));
        assert!(range("172.20.0.0/16").is_private() && !range("172.0.0.0/8").is_private());
        for text in ["10.0.0.0/33", "a", "", "::/129", "1.2.3"] {
            assert_eq!(AddressRange::parse(text), None, "{text}");
        }
    }
}
