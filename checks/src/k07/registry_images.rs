//! What registries do with images.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// A tag of the repository can be moved to another image.
        ///
        /// ## Why it matters
        /// Whoever may push changes what runs under a tag that was reviewed.
        ///
        /// ## How to fix
        /// Set `image_tag_mutability = "IMMUTABLE"`.
        ///
        /// ## References
        /// - Amazon ECR User Guide, Preventing image tags from being overwritten
        id: "ecr-mutable-tags",
        owasp: K07,
        severity: Low,
        title: "tags can be moved to another image",
        tags: ["terraform"],
    },
    rule_row! {
        /// Images are not looked at for known holes when they are pushed.
        ///
        /// ## Why it matters
        /// What runs with a known hole is found by others first.
        ///
        /// ## How to fix
        /// Set `image_scanning_configuration { scan_on_push = true }`, or scan the whole registry with
        /// `aws_ecr_registry_scanning_configuration`.
        ///
        /// ## References
        /// - Amazon ECR User Guide, Scan images for software vulnerabilities
        id: "ecr-scan-on-push-disabled",
        owasp: K07,
        severity: Low,
        title: "images are not scanned when they are pushed",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [mutable, scanning] = &RULES;
    let whole = scan.graph.terraform("aws_ecr_registry_scanning_configuration").next().is_some();
    for repository in scan.graph.ecr_repositories() {
        let node = repository.node();
        let unset = Some("nothing is written, and the default is MUTABLE");
        out.setting(mutable, node, repository.tag_mutability(), |tags| tags == "MUTABLE", unset, "movable");
        if !whole {
            let unset = Some("nothing is written, and the default is false");
            out.setting(scanning, node, repository.scan_on_push(), |on| !on, unset, "off");
        }
    }
}
