use std::collections::{BTreeMap, HashSet};

use crate::prelude::*;

rule! {
    /// The namespace `default` is shared by everything that names none, so nothing can be kept apart in it.
    ///
    /// ## Why it matters
    /// Roles, network policies and quotas are per namespace: in `default` they hit, or miss, unrelated workloads.
    ///
    /// ## How to fix
    /// Give the application a namespace of its own.
    ///
    /// ## References
    /// - CIS Kubernetes Benchmark 1.12, 5.6.4
    RULE = {
        id: "default-namespace-used",
        owasp: K01,
        severity: Low,
        title: "the object is placed in the namespace `default`",
        tags: ["cis-5.6.4"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let mut told = HashSet::new();
    for workload in scan.graph.workloads() {
        // A namespace that nobody wrote is not judged: the release or the client decides.
        if let Attr::Known("default", at) = workload.chosen_namespace() {
            told.insert(workload.resource().map(|resource| resource.unit));
            out.report(&RULE, workload, at, "named here");
        }
    }
    // What goes with workloads is told with them; without any, once for all that is read together.
    let mut others: BTreeMap<_, Vec<(Object<'_>, OriginId)>> = BTreeMap::new();
    for object in KINDS.iter().flat_map(|kind| scan.graph.raw(kind)) {
        let unit = object.resource().map(|resource| resource.unit);
        if let Attr::Known("default", at) = object.chosen_namespace()
            && object.origin().is_some()
            && !is_made_by_kubernetes(object)
            && !told.contains(&unit)
        {
            others.entry(unit).or_default().push((object, at));
        }
    }
    for objects in others.into_values() {
        let [(first, at), rest @ ..] = objects.as_slice() else { continue };
        let finding = out.report(&RULE, *first, *at, "named here");
        finding.message(format!("{} is placed in the namespace `default`", first.address()));
        for (object, _) in rest {
            finding.affects(object.node());
        }
    }
}

/// Objects that every cluster has in `default`.
fn is_made_by_kubernetes(object: Object<'_>) -> bool {
    matches!(
        (object.kind(), object.name()),
        ("ConfigMap", "kube-root-ca.crt") | ("Service", "kubernetes") | ("ServiceAccount", "default")
    )
}

/// What applications bring along.
const KINDS: [&str; 11] = [
    "ConfigMap",
    "HorizontalPodAutoscaler",
    "Ingress",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "ServiceAccount",
];
