use super::fold::fold;
use crate::prelude::*;

rule! {
    /// Without a seccomp profile the container may make every system call of its node's kernel.
    ///
    /// ## Why it matters
    /// Kubernetes runs containers unconfined unless a profile is set or the kubelet has `seccompDefault`. The
    /// runtime's default profile costs nothing and stops many kernel exploits.
    ///
    /// ## How to fix
    /// Set `seccompProfile.type: RuntimeDefault` in the securityContext of the pod.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Restricted: Seccomp
    /// - CIS Kubernetes Benchmark 1.12, 5.6.2
    RULE = {
        id: "missing-seccomp-profile",
        owasp: K01,
        severity: Low,
        title: "no seccomp profile is set",
        tags: ["cis-5.6.2"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let by_default = scan.graph.raw("KubeletConfiguration").any(|kubelet| {
        !matches!(kubelet.body().attr_bool("seccompDefault"), Attr::Absent(_) | Attr::Known(false, _))
    });
    if by_default {
        return;
    }
    for workload in scan.graph.workloads().filter(|workload| workload.is_windows().is_no()) {
        let open = fold(workload, |container| match container.seccomp_profile() {
            Attr::Absent(at) => (!container.privileged().is(true)).then_some(at),
            Attr::Known(..) | Attr::Unknown(..) => None,
        });
        if let Some(open) = open {
            open.report(out, &RULE, "run{s} without a seccomp profile", "`seccompProfile` is missing");
        }
    }
}
