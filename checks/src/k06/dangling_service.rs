use crate::neighbours;
use crate::prelude::*;

rule! {
    /// The Service selects no pod.
    ///
    /// ## Why it matters
    /// Its clients fail, and whoever may create a pod with the right labels gets their traffic.
    ///
    /// ## How to fix
    /// Make the selector match the labels of the pod template.
    ///
    /// ## References
    /// - Kubernetes, Service: selectors
    RULE = {
        id: "dangling-service",
        owasp: K06,
        severity: Low,
        title: "the Service selects no pod",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for service in scan.graph.services() {
        if !matches!(service.selector().attr(), Attr::Known(..)) || service.selector().is_empty() {
            continue;
        }
        let selects_nothing = scan.graph.followed(service.node(), EdgeKind::Selects).next().is_none();
        if selects_nothing && neighbours::are_known(scan.graph, service) {
            let at = neighbours::wrong_label(scan.graph, service, service.selector());
            out.report(&RULE, service, at, "no pod has this label");
        }
    }
}
