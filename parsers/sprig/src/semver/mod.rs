//! Semantic versions and constraints as Masterminds/semver v3.5.0 reads them: the library behind `semverCompare`,
//! chart dependencies and a chart's `kubeVersion`.

mod constraint;

use std::cmp::Ordering;
use std::fmt;

pub use constraint::Constraint;

/// Longest version accepted, in bytes. Masterminds: MaxVersionLen.
const LONGEST: usize = 256;

/// A version. Equality is of the text parts; use [`Version::precedence`] to compare as the specification does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// First number.
    pub major: u64,
    /// Second number; 0 if it was not written.
    pub minor: u64,
    /// Third number; 0 if it was not written.
    pub patch: u64,
    /// What follows `-`, without it.
    pub prerelease: String,
    /// What follows `+`, without it.
    pub metadata: String,
    /// The text it was read from.
    pub original: String,
}

/// Why a version or a constraint is refused, worded as Masterminds does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A comparison that cannot be read.
    #[error("improper constraint: {0}")]
    Constraint(String),
    /// A constraint of more than 512 bytes.
    #[error("constraint string is too long (max 512 bytes)")]
    ConstraintTooLong,
    /// More than 32 alternatives.
    #[error("too many constraint groups (max 32)")]
    Groups,
    /// Not a version at all.
    #[error("invalid semantic version")]
    Invalid,
    /// A number that does not fit 64 bits.
    #[error("error parsing version segment: strconv.ParseUint: parsing {0:?}: value out of range")]
    Number(String),
    /// A constraint whose version cannot be read.
    #[error("constraint parser error")]
    Parser,
    /// A number with a leading zero in the pre-release part.
    #[error("version segment starts with 0")]
    LeadingZero,
    /// A version of more than 256 bytes.
    #[error("version string is too long (max 256 bytes)")]
    VersionTooLong,
}

impl Version {
    /// Reads a version loosely: a leading `v`, missing numbers and leading zeros are fine.
    ///
    /// # Errors
    /// When the text is not a version.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > LONGEST {
            return Err(Error::VersionTooLong);
        }
        let mut scan = Scan::new(text);
        scan.take("v");
        let major = scan.digits().ok_or(Error::Invalid)?;
        let minor = scan.dotted(Scan::digits);
        let patch = if minor.is_some() { scan.dotted(Scan::digits) } else { None };
        let prerelease = scan.suffix('-').unwrap_or("");
        let metadata = scan.suffix('+').unwrap_or("");
        if !scan.at_end() {
            return Err(Error::Invalid);
        }
        let number = |digits: &str| digits.parse::<u64>().map_err(|_| Error::Number(digits.to_owned()));
        let version = Self {
            major: number(major)?,
            minor: minor.map_or(Ok(0), number)?,
            patch: patch.map_or(Ok(0), number)?,
            prerelease: prerelease.to_owned(),
            metadata: metadata.to_owned(),
            original: text.to_owned(),
        };
        let zero = |part: &str| {
            part.len() > 1 && part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if version.prerelease.split('.').any(zero) { Err(Error::LeadingZero) } else { Ok(version) }
    }

    /// Orders versions by precedence; metadata does not count.
    pub fn precedence(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => compare_prerelease(&self.prerelease, &other.prerelease),
            }
        })
    }
}

impl fmt::Display for Version {
    /// Prints the normal form: three numbers, no leading `v`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

fn compare_prerelease(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let (left, right) = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (left, right) => (left.unwrap_or(""), right.unwrap_or("")),
        };
        let number = |part: &str| part.parse::<u64>().ok();
        let order = match (left.is_empty(), right.is_empty()) {
            _ if left == right => Ordering::Equal,
            (true, _) => Ordering::Less,
            (_, true) => Ordering::Greater,
            (false, false) => match (number(left), number(right)) {
                (Some(a), Some(b)) if a > b => Ordering::Greater,
                (Some(_), Some(_) | None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => left.cmp(right),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Walks over the text of a version or constraint.
#[derive(Clone, Copy)]
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn at_end(&self) -> bool {
        self.at == self.text.len()
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// Takes the longest stretch of such bytes, at least one.
    fn stretch(&mut self, fits: impl Fn(u8) -> bool) -> Option<&'a str> {
        let rest = self.rest();
        let length = rest.bytes().take_while(|&byte| fits(byte)).count();
        self.at += length;
        (length > 0).then(|| &rest[..length])
    }

    fn digits(&mut self) -> Option<&'a str> {
        self.stretch(|byte| byte.is_ascii_digit())
    }

    /// Takes a dot and what `part` takes behind it, or nothing.
    fn dotted(&mut self, part: impl Fn(&mut Self) -> Option<&'a str>) -> Option<&'a str> {
        let before = self.at;
        let found = if self.take(".") { part(self) } else { None };
        if found.is_none() {
            self.at = before;
        }
        found
    }

    /// Takes a mark and the dotted identifiers behind it, or nothing.
    fn suffix(&mut self, mark: char) -> Option<&'a str> {
        let before = self.at;
        let identifier = |scan: &mut Self| scan.stretch(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !self.rest().starts_with(mark) {
            return None;
        }
        self.at += 1;
        let start = self.at;
        if identifier(self).is_none() {
            self.at = before;
            return None;
        }
        while self.dotted(identifier).is_some() {}
        Some(&self.text[start..self.at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_loosely() {
        for (text, printed) in [
            ("1", Ok("1.0.0")),
            ("v1.2", Ok("1.2.0")),
            ("01.002.3", Ok("1.2.3")),
            ("1.19.3-gke.1+b.01", Ok("1.19.3-gke.1+b.01")),
            ("1-alpha", Ok("1.0.0-alpha")),
            ("1.2.3-01", Err(Error::LeadingZero)),
            ("1.2.3-", Err(Error::Invalid)),
            ("1.2.3.4", Err(Error::Invalid)),
            (" 1.2.3", Err(Error::Invalid)),
            ("V1.2.3", Err(Error::Invalid)),
            ("", Err(Error::Invalid)),
        ] {
            let parsed = Version::parse(text).map(|version| version.to_string());
            assert_eq!(parsed, printed.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn precedence_follows_the_specification() {
        let sorted =
            ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0"];
        let parsed: Vec<_> = sorted.iter().map(|text| Version::parse(text).unwrap()).collect();
        for pair in parsed.windows(2) {
            assert_eq!(pair[0].precedence(&pair[1]), Ordering::Less, "{} {}", pair[0], pair[1]);
        }
    }
}
