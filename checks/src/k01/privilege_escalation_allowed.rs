use super::fold::fold;
use crate::prelude::*;

rule! {
    /// Without `allowPrivilegeEscalation: false` a process can gain more privileges than its parent.
    ///
    /// ## Why it matters
    /// A set-user-id program in the image, such as `sudo` or `mount`, turns a break-in as a plain user into root.
    ///
    /// ## How to fix
    /// Set `allowPrivilegeEscalation: false` in the securityContext of each container.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Restricted: Privilege Escalation
    /// - CIS Kubernetes Benchmark 1.12, 5.2.6
    RULE = {
        id: "privilege-escalation-allowed",
        owasp: K01,
        severity: Medium,
        title: "processes of the container may gain privileges",
        tags: ["cis-5.2.6", "external/cwe/cwe-250"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads().filter(|workload| workload.is_windows().is_no()) {
        let explicit = fold(workload, |container| {
            let allowed = container.allow_privilege_escalation();
            allowed.is(true).then(|| allowed.origin())
        });
        if let Some(explicit) = explicit {
            explicit.report(out, &RULE, "may gain privileges", "allowed here");
        }
        // What privileged or SYS_ADMIN forces is reported under those rules.
        let unset = fold(workload, |container| match container.allow_privilege_escalation() {
            Attr::Absent(at) => container.forced_privilege_escalation().is_none().then_some(at),
            Attr::Known(..) | Attr::Unknown(..) => None,
        });
        if let Some(unset) = unset {
            unset.report(
                out,
                &RULE,
                "may gain privileges: allowPrivilegeEscalation is not set and defaults to true",
                "`allowPrivilegeEscalation: false` is missing",
            );
        }
    }
}
