//! Releases of Kubernetes: when they end, and which flaws their patches mend.

use super::{Day, Version};

/// Minor, day after which upstream gives no patches, day after which EKS gives none (extended support included).
///
/// Source: endoflife.date, products kubernetes and amazon-eks, 2026-08-22.
const ENDS: &[(u32, Day, Day)] = &[
    (36, (2027, 6, 28), (2028, 8, 2)),
    (35, (2027, 2, 28), (2028, 3, 27)),
    (34, (2026, 10, 27), (2027, 12, 2)),
    (33, (2026, 6, 28), (2027, 7, 29)),
    (32, (2026, 2, 28), (2027, 3, 23)),
    (31, (2025, 11, 11), (2026, 11, 26)),
    (30, (2025, 7, 15), (2026, 7, 23)),
    (29, (2025, 2, 28), (2026, 3, 23)),
    (28, (2024, 10, 28), (2025, 11, 26)),
    (27, (2024, 6, 28), (2025, 7, 24)),
    (26, (2024, 2, 28), (2025, 6, 11)),
    (25, (2023, 10, 27), (2025, 5, 1)),
    (24, (2023, 7, 28), (2025, 1, 31)),
    (23, (2023, 2, 28), (2024, 10, 11)),
    (22, (2022, 10, 28), (2024, 9, 1)),
    (21, (2022, 6, 28), (2024, 7, 15)),
    (20, (2022, 2, 28), (2023, 11, 1)),
    (19, (2021, 10, 28), (2022, 8, 1)),
];

/// Minor; last days of standard support at EKS, of support at GKE, of support and of long-term support at AKS.
///
/// Source: endoflife.date, products amazon-eks, google-kubernetes-engine and azure-kubernetes-service, 2026-08-22.
const CLOUD_ENDS: &[(u32, Day, Day, Day, Day)] = &[
    (36, (2027, 8, 2), (2027, 8, 9), (2027, 6, 30), (2028, 6, 30)),
    (35, (2027, 3, 27), (2027, 4, 11), (2027, 3, 31), (2028, 3, 31)),
    (34, (2026, 12, 2), (2026, 10, 1), (2026, 11, 30), (2027, 11, 30)),
    (33, (2026, 7, 29), (2026, 8, 3), (2026, 7, 31), (2027, 7, 31)),
    (32, (2026, 3, 23), (2026, 4, 11), (2026, 3, 31), (2027, 3, 31)),
    (31, (2025, 11, 26), (2026, 1, 16), (2025, 11, 1), (2026, 11, 30)),
    (30, (2025, 7, 23), (2025, 9, 30), (2025, 8, 22), (2026, 7, 31)),
    (29, (2025, 3, 23), (2025, 4, 12), (2025, 3, 31), (2026, 4, 30)),
    (28, (2024, 11, 26), (2025, 2, 4), (2025, 1, 31), (2026, 2, 28)),
];

/// Who gives patches for a cluster's version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Support {
    /// Microsoft, for AKS.
    Aks,
    /// Microsoft, for AKS with the plan for long-term support.
    AksLongTerm,
    /// Amazon, for EKS, extended support included.
    Eks,
    /// Amazon, for EKS, without extended support.
    EksStandard,
    /// Google, for GKE.
    Gke,
    /// The Kubernetes project.
    Upstream,
}

/// The day after which a version gets no patches; versions older than the table ended before it starts.
pub(crate) fn end_of(version: Version, support: Support) -> Option<Day> {
    if version.0 != 1 {
        return None;
    }
    let row = ENDS.iter().find(|(minor, ..)| *minor == version.1);
    let row = row.or(ENDS.last().filter(|(oldest, ..)| version.1 < *oldest));
    let cloud = CLOUD_ENDS.iter().find(|(minor, ..)| *minor == version.1);
    let cloud = cloud.or(CLOUD_ENDS.last().filter(|(oldest, ..)| version.1 < *oldest));
    match support {
        Support::Upstream => row.map(|(_, upstream, _)| *upstream),
        Support::Eks => row.map(|(_, _, eks)| *eks),
        Support::EksStandard => cloud.map(|(_, eks, ..)| *eks),
        Support::Gke => cloud.map(|(_, _, gke, ..)| *gke),
        Support::Aks => cloud.map(|(_, _, _, aks, _)| *aks),
        Support::AksLongTerm => cloud.map(|(.., long)| *long),
    }
}

/// Tells whether a table says when a version ends, so that the day is right and not just one before which it ended.
pub(crate) fn is_listed(version: Version, support: Support) -> bool {
    let line = (version.0, version.1);
    match support {
        Support::Eks | Support::Upstream => ENDS.iter().any(|(minor, ..)| (1, *minor) == line),
        Support::Aks | Support::AksLongTerm | Support::EksStandard | Support::Gke => {
            CLOUD_ENDS.iter().any(|(minor, ..)| (1, *minor) == line)
        }
    }
}

/// A program of Kubernetes with flaws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    ApiServer,
    Kubelet,
}

/// A flaw that patches mended: in each minor the first patch without it. Older minors have no fix.
struct Flaw {
    cve: &'static str,
    program: Program,
    serious: bool,
    fixed: &'static [(u32, u32)],
}

/// Source: the CVE feed of Kubernetes, and the issues that announce them.
const FLAWS: &[Flaw] = &[
    flaw("CVE-2018-1002105", Program::ApiServer, true, &[(10, 11), (11, 5), (12, 3)]),
    flaw("CVE-2021-25741", Program::Kubelet, true, &[(19, 15), (20, 11), (21, 5), (22, 2)]),
    flaw("CVE-2022-3172", Program::ApiServer, false, &[(22, 14), (23, 11), (24, 5), (25, 1)]),
    flaw("CVE-2023-2431", Program::Kubelet, false, &[(24, 14), (25, 10), (26, 5), (27, 2)]),
    flaw("CVE-2023-2727", Program::ApiServer, false, &[(24, 15), (25, 11), (26, 6), (27, 3)]),
    flaw("CVE-2024-3177", Program::ApiServer, false, &[(27, 13), (28, 9), (29, 4)]),
    flaw("CVE-2024-10220", Program::Kubelet, true, &[(28, 12), (29, 7), (30, 3)]),
    flaw("CVE-2025-5187", Program::ApiServer, false, &[(31, 12), (32, 8), (33, 4)]),
];

const fn flaw(cve: &'static str, program: Program, serious: bool, fixed: &'static [(u32, u32)]) -> Flaw {
    Flaw { cve, program, serious, fixed }
}

/// The flaws that a version of some programs has: the name, whether it is rated high or above, the patch of the same
/// minor that mends it.
pub(crate) fn flaws(version: Version, programs: &[Program]) -> Vec<(&'static str, bool, Option<u32>)> {
    let Version(1, minor, patch) = version else { return Vec::new() };
    let rows = FLAWS.iter().filter(|flaw| programs.contains(&flaw.program));
    rows.filter_map(|flaw| {
        let own = flaw.fixed.iter().find(|(fixed, _)| *fixed == minor);
        let older = flaw.fixed.first().is_some_and(|(first, _)| minor < *first);
        match own {
            Some((_, fix)) => (patch < *fix).then_some((flaw.cve, flaw.serious, Some(*fix))),
            None => older.then_some((flaw.cve, flaw.serious, None)),
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flaws_are_those_of_the_patch() {
        let of = |version| {
            let found = flaws(version, &[Program::ApiServer, Program::Kubelet]);
            found.into_iter().map(|(cve, _, _)| cve).collect::<Vec<_>>()
        };
        assert_eq!(of(Version(1, 29, 4)), ["CVE-2024-10220", "CVE-2025-5187"]);
        assert_eq!(of(Version(1, 33, 4)), [""; 0]);
        assert_eq!(of(Version(1, 34, 0)), [""; 0]);
        assert!(of(Version(1, 12, 2)).contains(&"CVE-2018-1002105"));
    }

    #[test]
    fn releases_end() {
        assert_eq!(end_of(Version(1, 29, 4), Support::Upstream), Some((2025, 2, 28)));
        assert_eq!(end_of(Version(1, 31, 0), Support::Eks), Some((2026, 11, 26)));
        assert_eq!(end_of(Version(1, 10, 0), Support::Upstream), Some((2021, 10, 28)));
        assert_eq!(end_of(Version(1, 99, 0), Support::Upstream), None);
        assert_eq!(end_of(Version(1, 30, 4), Support::Gke), Some((2025, 9, 30)));
        assert_eq!(end_of(Version(1, 30, 4), Support::AksLongTerm), Some((2026, 7, 31)));
        assert_eq!(end_of(Version(1, 21, 0), Support::Aks), Some((2025, 1, 31)));
    }
}
