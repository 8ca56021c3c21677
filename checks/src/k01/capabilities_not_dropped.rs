use super::fold::fold;
use crate::prelude::*;

rule! {
    /// A container that drops no capabilities keeps those that runtimes give by default.
    ///
    /// ## Why it matters
    /// Among the defaults are changing file owners, raw packets and making device files: most programs use none of
    /// them, and a break-in can use all.
    ///
    /// ## How to fix
    /// Set `capabilities.drop: [ALL]` and add back the one that the program needs.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Restricted: Capabilities
    /// - CIS Kubernetes Benchmark 1.12, 5.2.8 and 5.2.9
    RULE = {
        id: "capabilities-not-dropped",
        owasp: K01,
        severity: Medium,
        title: "the container keeps the default capabilities",
        tags: ["cis-5.2.9"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads().filter(|workload| workload.is_windows().is_no()) {
        let kept = fold(workload, |container| {
            let capabilities = container.capabilities();
            capabilities.drops_all().is_no().then(|| capabilities.drop().origin())
        });
        if let Some(kept) = kept {
            kept.report(out, &RULE, "do{es} not drop the default capabilities", "`ALL` is not dropped");
        }
    }
}
