use super::fold::fold;
use crate::prelude::*;

rule! {
    /// No AppArmor profile is asked for: the pod gets that of the runtime where the node has AppArmor, and none elsewhere.
    ///
    /// ## Why it matters
    /// A pod that asks for a profile does not start on a node without it; one that asks for nothing runs unconfined
    /// there.
    ///
    /// ## How to fix
    /// Set `securityContext.appArmorProfile.type: RuntimeDefault` on the pod.
    ///
    /// ## References
    /// - Kubernetes, Restrict a Container's Access to Resources with AppArmor
    RULE = {
        id: "missing-apparmor-profile",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "no AppArmor profile is set",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads().filter(|workload| workload.is_windows().is_no()) {
        let open = fold(workload, |container| match container.app_armor_profile() {
            Attr::Absent(at) => (!container.privileged().is(true)).then_some(at),
            Attr::Known(..) | Attr::Unknown(..) => None,
        });
        if let Some(open) = open {
            open.report(out, &RULE, "run{s} without an AppArmor profile", "`appArmorProfile` is missing");
        }
    }
}
