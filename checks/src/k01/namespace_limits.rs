//! Namespaces in which nothing bounds what all workloads together use.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// Nothing bounds what the workloads of the namespace use together.
        ///
        /// ## Why it matters
        /// One team, or one broken autoscaler, can take the whole cluster.
        ///
        /// ## How to fix
        /// Add a ResourceQuota with amounts for `cpu` and `memory`.
        ///
        /// ## References
        /// - Kubernetes, Resource Quotas
        id: "namespace-without-resource-quota",
        owasp: K01,
        severity: Info,
        persona: Auditor,
        title: "nothing bounds what the namespace uses",
        tags: ["external/cwe/cwe-770"],
    },
    rule_row! {
        /// Containers of the namespace that ask for nothing get no bounds.
        ///
        /// ## Why it matters
        /// A container without limits can use up its node.
        ///
        /// ## How to fix
        /// Add a LimitRange with `default` and `defaultRequest`.
        ///
        /// ## References
        /// - Kubernetes, Limit Ranges
        id: "namespace-without-limit-range",
        owasp: K01,
        severity: Info,
        persona: Auditor,
        title: "containers of the namespace have no default bounds",
        tags: ["external/cwe/cwe-770"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [quota, range] = &RULES;
    for namespace in scan.graph.namespaces().filter(|namespace| !namespace.is_system()) {
        // Only of a namespace that the input makes is it known what else is in it.
        let (Some(_), Some(at)) = (namespace.object(), namespace.origin()) else { continue };
        if namespace.workloads().next().is_none() {
            continue;
        }
        let has = |kind: &str| {
            let mut found = scan.graph.raw(kind).filter(|object| object.api_group().is_empty());
            found.any(|object| {
                object.namespace_or_default() == namespace.name()
                    && scan.graph.can_meet(View::node(namespace), View::node(object))
            })
        };
        if !has("ResourceQuota") {
            out.report(quota, namespace, at, "no ResourceQuota");
        }
        if !has("LimitRange") {
            out.report(range, namespace, at, "no LimitRange");
        }
    }
}
