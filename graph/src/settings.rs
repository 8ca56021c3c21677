//! What the person who scans says about the target.

use std::fmt;

/// A Kubernetes minor version: 1.31 is `KubernetesVersion { major: 1, minor: 31 }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KubernetesVersion {
    /// 1
    pub major: u16,
    /// 31 of 1.31
    pub minor: u16,
}

impl KubernetesVersion {
    /// Version 1 of this minor.
    pub const fn minor(minor: u16) -> Self {
        Self { major: 1, minor }
    }

    /// Reads `1.31`, `v1.31`, `1.31.4`, `v1.31.4-eks-1`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
        let major = parts.next()?.parse().ok()?;
        let minor = parts.next()?;
        let end = minor.find(|c: char| !c.is_ascii_digit()).unwrap_or(minor.len());
        Some(Self { major, minor: minor.get(..end)?.parse().ok()? })
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// How the input is to be understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The input is all there is: an object that is not in it does not exist.
    pub closed_world: bool,
    /// The Kubernetes version that the manifests are for, if it is known; else the newest counts.
    pub kubernetes_version: Option<KubernetesVersion>,
    /// The day of the scan as `(year, month, day)`, for tokens and versions that expire.
    pub as_of: Option<(i32, u8, u8)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_people_write_them() {
        for text in ["1.31", "v1.31", "1.31.4", "v1.31.4-eks-a1b2", " 1.31+ "] {
            assert_eq!(KubernetesVersion::parse(text), Some(KubernetesVersion::minor(31)), "{text}");
        }
        for text in ["", "1", "latest", "v1.x"] {
            assert_eq!(KubernetesVersion::parse(text), None, "{text}");
        }
    }
}
