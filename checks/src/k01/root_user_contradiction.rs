use crate::prelude::*;

rule! {
    /// The container is to run as root and must not run as root.
    ///
    /// ## Why it matters
    /// The kubelet refuses to start it. Usually one of the two settings is then removed in haste, and it is the wrong
    /// one.
    ///
    /// ## How to fix
    /// Set `runAsUser` to a number other than 0.
    ///
    /// ## References
    /// - Kubernetes, Configure a Security Context for a Pod or Container
    RULE = {
        id: "root-user-contradiction",
        owasp: K01,
        severity: Low,
        title: "user 0 is set, and root is refused",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers().filter(|container| container.workload().is_windows().is_no()) {
        if let (Attr::Known(true, refused), Attr::Known(0, at)) =
            (container.run_as_non_root(), container.run_as_user())
        {
            out.report(&RULE, container, at, "user 0 is root").related(refused, "root is refused");
        }
    }
}
