use super::fold::fold;
use crate::prelude::*;

rule! {
    /// Nothing keeps the container from running as root: the image decides, and most images say root.
    ///
    /// ## Why it matters
    /// An image update can change the user without anybody noticing. With `runAsNonRoot` the kubelet refuses such a
    /// container.
    ///
    /// ## How to fix
    /// Set `runAsNonRoot: true` in the securityContext of the pod, and a numeric `runAsUser` if the image has none.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Restricted: Running as Non-root
    /// - CIS Kubernetes Benchmark 1.12, 5.2.7
    RULE = {
        id: "root-user-possible",
        owasp: K01,
        severity: Medium,
        title: "the container may run as root",
        tags: ["cis-5.2.7", "external/cwe/cwe-250"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        if !workload.is_windows().is_no() || !workload.has_user_namespace().is_no() {
            continue;
        }
        let open = fold(workload, |container| {
            let user_is_left_open = container.run_as_user().is_absent();
            match container.run_as_non_root() {
                Attr::Known(false, at) | Attr::Absent(at) => user_is_left_open.then_some(at),
                Attr::Known(true, _) | Attr::Unknown(..) => None,
            }
        });
        if let Some(open) = open {
            open.report(out, &RULE, "may run as root: the image decides", "`runAsNonRoot: true` is missing");
        }
    }
}
