use crate::prelude::*;

rule! {
    /// An image reference that breaks the grammar never starts, and mostly shows a value that was left empty.
    ///
    /// ## Why it matters
    /// The pod stays in `InvalidImageName`, and the version that somebody meant to pin is not the one that would run.
    ///
    /// ## How to fix
    /// Set the value that the reference is built from.
    ///
    /// ## References
    /// - OCI Distribution Specification, Pulling manifests
    RULE = {
        id: "image-reference-invalid",
        owasp: K01,
        severity: Medium,
        title: "the image reference is not valid",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        if let Attr::Known(image, at) = container.image()
            && image.is_invalid()
        {
            let address = container.workload().address();
            out.report(&RULE, container, at, "not a reference").message(format!(
                "container {} of {address} has the invalid image reference {:?}",
                container.name(),
                image.reference()
            ));
        }
    }
}
