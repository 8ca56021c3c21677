use super::fold::fold;
use crate::prelude::*;

rule! {
    /// A container that can write to its own image files can be changed by whoever breaks into it.
    ///
    /// ## Why it matters
    /// Tools are downloaded and programs replaced on the writable layer; a read-only one leaves an attacker no place
    /// to work from.
    ///
    /// ## How to fix
    /// Set `readOnlyRootFilesystem: true` and mount an `emptyDir` where the program writes.
    ///
    /// ## References
    /// - Kubernetes, SecurityContext, readOnlyRootFilesystem
    RULE = {
        id: "writable-root-filesystem",
        owasp: K01,
        severity: Low,
        title: "the container can write to its own image files",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads().filter(|workload| workload.is_windows().is_no()) {
        let writable = fold(workload, |container| {
            if container.role() == ContainerRole::Ephemeral {
                return None;
            }
            match container.read_only_root_filesystem() {
                Attr::Known(false, at) | Attr::Absent(at) => Some(at),
                Attr::Known(true, _) | Attr::Unknown(..) => None,
            }
        });
        if let Some(writable) = writable {
            writable.report(
                out,
                &RULE,
                "may write to the root filesystem",
                "`readOnlyRootFilesystem: true` is missing",
            );
        }
    }
}
