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
        let Attr::Known(_, at) = service.selector().attr() else { continue };
        if service.selector().is_empty() {
            continue;
        }
        let namespace = service.namespace_or_default();
        let unit = service.resource().map(|resource| resource.unit);
        let neighbours: Vec<Workload<'_>> = scan
            .graph
            .workloads()
            .filter(|workload| workload.namespace_or_default() == namespace && workload.can_meet(service))
            .collect();
        let same_unit = |workload: &Workload<'_>| workload.resource().map(|resource| resource.unit) == unit;
        // Without a workload beside it the Service is for pods that are not in the input.
        let judged = !neighbours.is_empty()
            && (scan.graph.is_closed(namespace)
                || (service.is_rendered() && neighbours.iter().any(same_unit)));
        if judged && neighbours.iter().all(|pods| service.selector().matches(pods.pod_labels()).is_no()) {
            out.report(&RULE, service, at, "no pod has these labels");
        }
    }
}
