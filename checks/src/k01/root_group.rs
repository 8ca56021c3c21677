use crate::prelude::*;

rule! {
    /// The container runs in the group of root.
    ///
    /// ## Why it matters
    /// Files of the image and of volumes that root's group may write are open to it.
    ///
    /// ## How to fix
    /// Set `runAsGroup` and `fsGroup` to a number above zero, and take zero out of `supplementalGroups`.
    ///
    /// ## References
    /// - Kubernetes, Configure a Security Context for a Pod or Container
    RULE = {
        id: "root-group",
        owasp: K01,
        severity: Low,
        title: "the container runs in the group of root",
        tags: ["external/cwe/cwe-250"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        let is_zero = |group: Attr<i64>| match group {
            Attr::Known(0, at) => Some(at),
            Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
        };
        let of_pod = is_zero(workload.fs_group()).or_else(|| {
            let groups = workload.supplemental_groups();
            groups.into_iter().find(|(group, _)| group.is(0)).map(|(_, at)| at)
        });
        // One place may hold for several containers.
        let mut places: Vec<OriginId> = of_pod.into_iter().collect();
        for container in workload.containers() {
            places.extend(is_zero(container.run_as_group()).filter(|at| !places.contains(at)));
        }
        for at in places {
            out.report(&RULE, workload, at, "the group of root");
        }
    }
}
