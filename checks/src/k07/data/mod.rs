//! Facts about releases that change with time. Each table says where it comes from and of which day it is.

pub(crate) mod components;
pub(crate) mod releases;
pub(crate) mod removed_apis;

/// A day: year, month, day.
pub(crate) type Day = (i32, u8, u8);

/// The day of the tables: what counts as today if the person who scans does not say.
pub(crate) const DATA_DAY: Day = (2026, 8, 22);

/// Counts the days from one day to a later one, as exactly as a warning some weeks ahead needs.
pub(crate) fn days_between(from: Day, to: Day) -> i32 {
    const BEFORE: [i32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let since = |(year, month, day): Day| {
        year * 365 + year / 4 + BEFORE[usize::from(month.clamp(1, 12) - 1)] + i32::from(day)
    };
    since(to) - since(from)
}

/// A version of three numbers, as images and clusters have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u32, pub(crate) u32, pub(crate) u32);

impl Version {
    /// Reads `v1.29.4`, `1.9.0-debian-12-r1`, `3.2`; what follows the numbers is left out.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let mut numbers = text[..end].split('.');
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.parse().ok()?;
        let patch =
            numbers.next().filter(|patch| !patch.is_empty()).map_or(Some(0), |patch| patch.parse().ok())?;
        Some(Self(major, minor, patch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_months_and_years() {
        assert_eq!(days_between((2026, 11, 1), (2026, 12, 2)), 31);
        assert_eq!(days_between((2026, 12, 31), (2027, 1, 1)), 1);
    }

    #[test]
    fn versions_are_read_as_images_have_them() {
        for (text, expected) in [
            ("v1.29.4", Some(Version(1, 29, 4))),
            ("1.9.0-debian-12-r1", Some(Version(1, 9, 0))),
            ("3.2", Some(Version(3, 2, 0))),
            ("v1.31.4-eks-1", Some(Version(1, 31, 4))),
            ("latest", None),
            ("12", None),
        ] {
            assert_eq!(Version::parse(text), expected, "{text}");
        }
        assert!(Version(1, 9, 0) < Version(1, 10, 0));
    }
}
