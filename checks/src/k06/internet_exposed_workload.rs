use crate::prelude::*;

rule! {
    /// The workload can be reached from the internet.
    ///
    /// ## Why it matters
    /// It is where attacks from outside begin: what its pods may do, and which nodes and networks they reach, counts
    /// more than elsewhere.
    ///
    /// ## How to fix
    /// Nothing, if it is meant; else make its Service `ClusterIP` or its load balancer internal.
    ///
    /// ## References
    /// - OWASP Kubernetes Top Ten, K06
    RULE = {
        id: "internet-exposed-workload",
        owasp: K06,
        severity: Info,
        persona: Auditor,
        title: "the workload can be reached from the internet",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        let exposures = workload.exposures();
        let mut from_internet =
            exposures.iter().filter(|exposure| exposure.reach == Reach::Internet && exposure.holds.is_yes());
        let Some(exposure) = from_internet.next() else { continue };
        let finding = out.report(&RULE, workload, exposure.origin, "open from here");
        if let Some(assumption) = exposure.assumes {
            finding.assume(assumption);
        }
    }
}
