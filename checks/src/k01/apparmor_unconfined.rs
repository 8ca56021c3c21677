use crate::prelude::*;

rule! {
    /// An unconfined container goes without the AppArmor profile that the runtime would give it.
    ///
    /// ## Why it matters
    /// The default profile denies writes to `/proc` and `/sys` and mounts: steps of many ways out of a container.
    ///
    /// ## How to fix
    /// Set `appArmorProfile.type: RuntimeDefault`, or `Localhost` with a profile of your own.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Baseline: AppArmor
    RULE = {
        id: "apparmor-unconfined",
        owasp: K01,
        severity: Medium,
        title: "the AppArmor profile of the container is switched off",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        if let Attr::Known("Unconfined", at) = container.app_armor_profile() {
            out.report(&RULE, container, at, "unconfined here");
        }
    }
}
