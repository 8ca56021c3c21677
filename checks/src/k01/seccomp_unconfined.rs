use crate::prelude::*;

rule! {
    /// An unconfined container may make every system call of its node's kernel.
    ///
    /// ## Why it matters
    /// The runtime's default profile blocks about 60 system calls that few programs need and that many kernel
    /// exploits do.
    ///
    /// ## How to fix
    /// Set `seccompProfile.type: RuntimeDefault`, or `Localhost` with a profile of your own.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Baseline: Seccomp
    /// - CIS Kubernetes Benchmark 1.12, 5.6.2
    RULE = {
        id: "seccomp-unconfined",
        owasp: K01,
        severity: Medium,
        title: "system calls of the container are not filtered",
        tags: ["cis-5.6.2"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let annotations_count = scan
        .graph
        .settings()
        .kubernetes_version
        .is_some_and(|version| version.major == 1 && version.minor < 27);
    for container in scan.graph.containers() {
        let annotation = container.seccomp_annotation();
        match container.seccomp_profile() {
            Attr::Known("Unconfined", at) => {
                out.report(&RULE, container, at, "unconfined here");
            }
            Attr::Absent(_) if annotations_count && annotation.is("unconfined") => {
                out.report(&RULE, container, annotation.origin(), "unconfined here");
            }
            Attr::Known(..) | Attr::Absent(_) | Attr::Unknown(..) => {}
        }
    }
}
