//! Images that can change without anybody changing the manifest.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// The tag `latest`, which also holds where no tag is written, is whatever was pushed last.
        ///
        /// ## Why it matters
        /// Nobody reviewed what will run, nodes run different programs under one name, and a rollback rolls back
        /// nothing. Whoever can push to the registry can run code in the cluster.
        ///
        /// ## How to fix
        /// Pin the version, best with its digest: `registry/app:1.4.2@sha256:…`.
        ///
        /// ## References
        /// - Kubernetes, Images: Image names
        id: "image-latest-tag",
        owasp: K01,
        severity: Medium,
        title: "the image has no fixed version",
        tags: ["external/cwe/cwe-829"],
    },
    rule_row! {
        /// A tag such as `stable` or `3` moves with every release.
        ///
        /// ## Why it matters
        /// What runs changes without review.
        ///
        /// ## How to fix
        /// Pin the full version, best with its digest.
        ///
        /// ## References
        /// - Kubernetes, Images: Image names
        id: "image-floating-tag",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "the tag of the image moves",
    },
    rule_row! {
        /// A tag, however exact, can be pushed again; a digest cannot.
        ///
        /// ## Why it matters
        /// Only a digest says which bytes will run.
        ///
        /// ## How to fix
        /// Add the digest: `registry/app:1.4.2@sha256:…`.
        ///
        /// ## References
        /// - OCI Distribution Specification, Pulling manifests
        id: "image-without-digest",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "the image is not pinned by digest",
    },
    rule_row! {
        /// The tag moves, and nodes keep the image that they pulled first.
        ///
        /// ## Why it matters
        /// Nodes run different programs under one name, and one that was mended does not arrive everywhere.
        ///
        /// ## How to fix
        /// Pin the image by digest, or set `imagePullPolicy: Always`.
        ///
        /// ## References
        /// - Kubernetes, Images: Image pull policy
        id: "image-pull-policy-stale",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "nodes keep old images of a tag that moves",
    },
];

/// Words that publishers move from release to release.
const MOVING: [&str; 14] = [
    "alpine", "canary", "current", "dev", "develop", "edge", "lts", "main", "master", "nightly", "rolling",
    "slim", "snapshot", "stable",
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [latest, floating, undigested, stale] = &RULES;
    for container in scan.graph.containers() {
        let Attr::Known(image, at) = container.image() else { continue };
        if image.is_invalid() || !image.digest().is_absent() {
            continue;
        }
        let address = container.workload().address();
        let reference = image.reference();
        let name = container.name();
        match image.tag() {
            Attr::Known("latest", at) => {
                out.report(latest, container, at, "`latest` moves").message(format!(
                    "container {name} of {address} runs {reference}, whatever was pushed last"
                ));
            }
            Attr::Absent(_) => {
                out.report(latest, container, at, "no tag means `latest`").message(format!(
                    "container {name} of {address} runs {reference} without a tag: the latest"
                ));
            }
            Attr::Known(tag, at) if moves(tag) => {
                out.report(floating, container, at, "this tag moves");
            }
            Attr::Known(..) | Attr::Unknown(..) => {}
        }
        out.report(undigested, container, at, "no digest");
        let is_moving = match image.tag() {
            Attr::Absent(_) => true,
            Attr::Known(tag, _) => tag == "latest" || moves(tag),
            Attr::Unknown(..) => false,
        };
        if let (true, Attr::Known("IfNotPresent" | "Never", at)) = (is_moving, container.image_pull_policy())
        {
            out.report(stale, container, at, "what was pulled first stays");
        }
    }
}

fn moves(tag: &str) -> bool {
    let number = tag.strip_prefix('v').unwrap_or(tag);
    MOVING.contains(&tag)
        || (!number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_do_not_move() {
        assert!(["3", "v3", "stable", "alpine"].into_iter().all(moves));
        assert!(!["3.1", "v1.2.3", "20240101", "1.2-alpine", "v"].into_iter().any(moves));
    }
}
