//! Versions of add-ons with known flaws, and add-ons that get no fixes any more.

use super::{Day, Version};

/// How an image is recognised: the last component of its repository, and a word that the whole reference holds (empty
/// for none).
pub(crate) type ImageName = (&'static str, &'static str);

/// A flaw of an add-on.
pub(crate) struct Flaw {
    pub(crate) product: &'static str,
    pub(crate) images: &'static [ImageName],
    pub(crate) cve: &'static str,
    /// Rated critical, not only high.
    pub(crate) critical: bool,
    /// The first version with the flaw.
    pub(crate) from: Version,
    /// The first versions without it, by line.
    pub(crate) fixed: &'static [Version],
}

const INGRESS: &[ImageName] = &[("controller", "ingress-nginx"), ("nginx-ingress-controller", "")];
const ARGO: &[ImageName] = &[("argocd", ""), ("argo-cd", "")];

/// Source: advisories of the projects. Ordered by product, the worst first.
pub(crate) const FLAWS: &[Flaw] = &[
    Flaw {
        product: "Argo CD",
        images: ARGO,
        cve: "CVE-2025-55190",
        critical: true,
        from: Version(2, 2, 0),
        fixed: &[Version(2, 13, 9), Version(2, 14, 16), Version(3, 0, 14), Version(3, 1, 2)],
    },
    Flaw {
        product: "Argo CD",
        images: ARGO,
        cve: "CVE-2022-24348",
        critical: false,
        from: Version(0, 0, 0),
        fixed: &[Version(2, 1, 9), Version(2, 2, 4)],
    },
    Flaw {
        product: "Grafana",
        images: &[("grafana", "")],
        cve: "CVE-2022-39328",
        critical: true,
        from: Version(9, 2, 0),
        fixed: &[Version(9, 2, 4)],
    },
    Flaw {
        product: "ingress-nginx",
        images: INGRESS,
        cve: "CVE-2025-1974",
        critical: true,
        from: Version(0, 0, 0),
        fixed: &[Version(1, 11, 5), Version(1, 12, 1)],
    },
    Flaw {
        product: "ingress-nginx",
        images: INGRESS,
        cve: "CVE-2026-24512",
        critical: false,
        from: Version(0, 0, 0),
        fixed: &[Version(1, 13, 7), Version(1, 14, 3)],
    },
    Flaw {
        product: "Kyverno",
        images: &[("kyverno", "")],
        cve: "CVE-2022-47633",
        critical: false,
        from: Version(1, 8, 3),
        fixed: &[Version(1, 8, 5)],
    },
];

impl Flaw {
    /// Tells whether a version has it.
    pub(crate) fn affects(&self, version: Version) -> bool {
        let same = self.fixed.iter().find(|fixed| (fixed.0, fixed.1) == (version.0, version.1));
        let limit = same.or(self.fixed.iter().find(|fixed| version < **fixed));
        version >= self.from && limit.is_some_and(|fixed| version < *fixed)
    }
}

/// The end of a line of an add-on: product, images, the line, its last day. Older lines ended before.
pub(crate) type LineEnd = (&'static str, &'static [ImageName], (u32, u32), Day);

/// Source: endoflife.date and the projects' pages, 2026-08-22. The lines of one product stand together, the oldest
/// first.
pub(crate) const ENDS: &[LineEnd] = &[
    ("Argo CD", ARGO, (2, 14), (2025, 11, 4)),
    ("Argo CD", ARGO, (3, 0), (2026, 2, 2)),
    ("Argo CD", ARGO, (3, 1), (2026, 5, 5)),
    ("Argo CD", ARGO, (3, 2), (2026, 8, 4)),
    ("Calico", &[("node", "calico")], (3, 29), (2025, 10, 21)),
    ("Calico", &[("node", "calico")], (3, 30), (2026, 4, 30)),
    ("cert-manager", &[("cert-manager-controller", "")], (1, 18), (2026, 3, 10)),
    ("cert-manager", &[("cert-manager-controller", "")], (1, 19), (2026, 7, 8)),
    ("Cilium", &[("cilium", "")], (1, 16), (2026, 2, 3)),
    ("Cilium", &[("cilium", "")], (1, 17), (2026, 7, 29)),
    ("Contour", &[("contour", "")], (1, 30), (2025, 9, 8)),
    ("Envoy", &[("envoy", "envoyproxy")], (1, 35), (2026, 7, 23)),
    ("etcd", &[("etcd", "")], (3, 4), (2026, 6, 1)),
    ("Gatekeeper", &[("gatekeeper", "")], (3, 20), (2026, 3, 9)),
    ("Gatekeeper", &[("gatekeeper", "")], (3, 21), (2026, 7, 9)),
    ("Grafana", &[("grafana", "")], (12, 1), (2026, 4, 22)),
    ("Grafana", &[("grafana", "")], (12, 2), (2026, 6, 23)),
    ("Harbor", &[("harbor-core", "")], (2, 12), (2026, 3, 20)),
    ("Istio", &[("pilot", "istio"), ("proxyv2", "istio")], (1, 26), (2025, 12, 22)),
    ("Istio", &[("pilot", "istio"), ("proxyv2", "istio")], (1, 27), (2026, 4, 7)),
    ("Istio", &[("pilot", "istio"), ("proxyv2", "istio")], (1, 28), (2026, 7, 1)),
    ("Istio", &[("pilot", "istio"), ("proxyv2", "istio")], (1, 29), (2026, 8, 31)),
    ("KEDA", &[("keda", "")], (2, 18), (2026, 6, 1)),
    ("Keycloak", &[("keycloak", "")], (26, 6), (2026, 7, 9)),
    ("Kyverno", &[("kyverno", "")], (1, 14), (2026, 2, 2)),
    ("Kyverno", &[("kyverno", "")], (1, 15), (2026, 4, 29)),
    ("Rancher", &[("rancher", "rancher/rancher")], (2, 10), (2026, 6, 19)),
    ("Traefik", &[("traefik", "")], (2, 11), (2026, 2, 1)),
    ("Traefik", &[("traefik", "")], (3, 6), (2026, 8, 16)),
];

/// Add-ons that ended as a whole: product, images, the day, what to use instead.
pub(crate) const RETIRED: &[(&str, &[ImageName], Day, &str)] =
    &[("ingress-nginx", INGRESS, (2026, 3, 31), "the Gateway API or another ingress controller")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_between_lines_are_judged_by_the_next_fix() {
        let nginx = FLAWS.iter().find(|flaw| flaw.cve == "CVE-2025-1974").expect("it is listed");
        for (version, expected) in [
            (Version(1, 11, 4), true),
            (Version(1, 11, 5), false),
            (Version(1, 12, 0), true),
            (Version(1, 13, 0), false),
            (Version(0, 49, 0), true),
        ] {
            assert_eq!(nginx.affects(version), expected, "{version:?}");
        }
        let argo = &FLAWS[0];
        assert!(!argo.affects(Version(2, 1, 0)) && argo.affects(Version(2, 12, 3)));
    }
}
