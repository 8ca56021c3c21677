//! Charts that Terraform installs from elsewhere.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// A chart is fetched without encryption.
        ///
        /// ## Why it matters
        /// Whoever stands between hands the cluster another chart, with the rights of the one who installs it.
        ///
        /// ## How to fix
        /// Use `https://` or `oci://`.
        ///
        /// ## References
        /// - Helm, The Chart Repository Guide
        id: "helm-release-insecure-repository",
        owasp: K07,
        severity: Medium,
        title: "a chart is fetched without encryption",
        tags: ["terraform", "external/cwe/cwe-319"],
    },
    rule_row! {
        /// A chart from elsewhere has no fixed version.
        ///
        /// ## Why it matters
        /// Each apply may install what was published since, reviewed by nobody.
        ///
        /// ## How to fix
        /// Set `version` to one version.
        ///
        /// ## References
        /// - Terraform, Helm provider: helm_release
        id: "helm-release-remote-unpinned",
        owasp: K07,
        severity: Low,
        title: "a chart from elsewhere has no fixed version",
        tags: ["terraform", "external/cwe/cwe-1357"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [insecure, unpinned] = &RULES;
    for release in scan.graph.helm_releases() {
        for place in [release.repository(), release.chart()] {
            let plain = |url: &str| url.starts_with("http://");
            out.setting(insecure, release.node(), place, plain, None, "without encryption");
        }
        if release.is_remote() {
            // A chart by its full address has the version in it.
            let unset = (!release.is_archive()).then_some("no version is written");
            out.setting(
                unpinned,
                release.node(),
                release.version(),
                |version| is_range(&version),
                unset,
                "a range",
            );
        }
    }
}

/// Tells whether a version stands for several. Source: Masterminds semver, "Checking Version Constraints": a version
/// without its minor or patch stands for all of them.
fn is_range(version: &str) -> bool {
    let version = version.trim();
    let numbers = version.split(['-', '+']).next().unwrap_or(version);
    let numbers = numbers.strip_prefix('v').unwrap_or(numbers);
    let parts: Vec<&str> = numbers.split('.').collect();
    parts.len() < 3 || parts.iter().any(|part| part.is_empty() || !part.chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_told_from_versions() {
        for version in ["1.2.3", "v1.2.3", "1.2.3-next.1", "1.2.3+build.x", " 0.1.0 "] {
            assert!(!is_range(version), "{version}");
        }
        for version in [
            "",
            "*",
            "1.x",
            "1.2",
            "4",
            "~> 1.2",
            ">=1.2.3",
            "^1.2.3",
            "1.2.*",
            "1.2.3 - 1.4.0",
            "1.2.3 || 2.0.0",
        ] {
            assert!(is_range(version), "{version}");
        }
    }
}
