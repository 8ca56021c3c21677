use crate::prelude::*;

rule! {
    /// The registry is frozen: images in it get no fixes and may disappear.
    ///
    /// ## Why it matters
    /// `k8s.gcr.io` was frozen on 2023-04-03 and the older Google registries before; a node that must pull again may
    /// fail, and known holes stay open.
    ///
    /// ## How to fix
    /// Use `registry.k8s.io`, and a current version.
    ///
    /// ## References
    /// - Kubernetes blog, k8s.gcr.io Image Registry Will Be Frozen From the 3rd of April 2023
    RULE = {
        id: "dead-image-registry",
        owasp: K01,
        also: [K07],
        severity: Medium,
        title: "the image comes from a frozen registry",
        check,
    }
}

/// Registry, and the start of the repository. Read on 2026-08-22.
const FROZEN: [(&str, &str); 4] = [
    ("gcr.io", "google-containers/"),
    ("gcr.io", "google_containers/"),
    ("gcr.io", "kubernetes-helm/"),
    ("k8s.gcr.io", ""),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        let Attr::Known(image, _) = container.image() else { continue };
        let (Attr::Known(registry, at), Attr::Known(repository, _)) = (image.registry(), image.repository())
        else {
            continue;
        };
        if FROZEN.iter().any(|(frozen, start)| *frozen == registry && repository.starts_with(start)) {
            out.report(&RULE, container, at, "frozen");
        }
    }
}
