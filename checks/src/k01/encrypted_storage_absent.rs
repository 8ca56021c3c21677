use crate::prelude::*;

rule! {
    /// The class makes volumes that are not encrypted, by its own words.
    ///
    /// ## Why it matters
    /// Whoever gets a snapshot or a disk reads the data.
    ///
    /// ## How to fix
    /// Set the parameter to `true`, with a key of your own where the provider takes one.
    ///
    /// ## References
    /// - Amazon EBS CSI driver, StorageClass parameters
    RULE = {
        id: "encrypted-storage-absent",
        owasp: K01,
        severity: Low,
        persona: Auditor,
        title: "volumes of the class are not encrypted",
        tags: ["external/cwe/cwe-311"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for class in scan.graph.storage_classes() {
        for name in ["encrypted", "encryption"] {
            let Attr::Known(value, at) = class.parameter(name) else { continue };
            if value.scalar_text().is_some_and(|text| text.eq_ignore_ascii_case("false")) {
                out.report(&RULE, class.object(), at, "off");
            }
        }
    }
}
