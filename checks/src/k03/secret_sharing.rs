//! Secrets that spread over the cluster.

use iac_graph::kubernetes::Strings;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// A Secret is copied, or may be copied, into every namespace.
        ///
        /// ## Why it matters
        /// Whoever reads Secrets in any namespace has it, and so has whoever may create a namespace.
        ///
        /// ## How to fix
        /// List the namespaces that need it.
        ///
        /// ## References
        /// - Reflector, Kubernetes Replicator, Config Syncer (kubed): annotations
        /// - Kyverno, Generate Rules: Clone Source
        id: "secret-replicated-everywhere",
        owasp: K03,
        severity: Medium,
        title: "the Secret is copied into every namespace",
        tags: ["external/cwe/cwe-668"],
    },
    rule_row! {
        /// A SealedSecret may be unsealed under any name in any namespace.
        ///
        /// ## Why it matters
        /// Whoever can read the repository and write to one namespace unseals it there.
        ///
        /// ## How to fix
        /// Remove the annotation and seal again: the default scope ties the secret to its name and namespace.
        ///
        /// ## References
        /// - Sealed Secrets, Scopes
        id: "sealed-secret-cluster-wide",
        owasp: K03,
        severity: Low,
        title: "the SealedSecret can be unsealed in any namespace",
        tags: ["external/cwe/cwe-668"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [everywhere, sealed] = &RULES;
    for secret in scan.graph.secrets() {
        if let Some(at) = copied(secret.annotations()) {
            out.report(everywhere, secret, at, "into every namespace");
        }
    }
    for secret in scan.graph.raw("SealedSecret") {
        if let Attr::Known("true", at) = secret.annotations().get("sealedsecrets.bitnami.com/cluster-wide") {
            out.report(sealed, secret, at, "any namespace");
        }
        let template = Labels::new(secret.body().attr_at(&["spec", "template", "metadata", "annotations"]));
        if let Some(at) = copied(template) {
            out.report(everywhere, secret, at, "into every namespace");
        }
    }
    for policy in scan.graph.kyverno_policies() {
        for rule in policy.rules() {
            let Some(generate) = rule.get("generate").filter(|generate| generate.get("clone").is_some())
            else {
                continue;
            };
            if let Attr::Known("Secret", at) = generate.attr_str("kind")
                && matches_all_namespaces(rule)
            {
                out.report(everywhere, policy.object(), at, "into every new namespace");
            }
        }
    }
}

/// Where annotations of a controller that copies say so for all namespaces.
fn copied(annotations: Labels<'_>) -> Option<OriginId> {
    let known = |key: &str| match annotations.get(key) {
        Attr::Known(value, at) => Some((value, at)),
        Attr::Absent(_) | Attr::Unknown(..) => None,
    };
    // Reflector: no list, or an empty one, means all namespaces.
    let reflector = |on: &str, list: &str| {
        let (_, at) = known(on).filter(|(value, _)| *value == "true")?;
        match annotations.get(list) {
            Attr::Absent(_) => Some(at),
            Attr::Known(namespaces, at) => is_everything(namespaces).then_some(at),
            Attr::Unknown(..) => None,
        }
    };
    // Kubernetes Replicator: lists of names and patterns.
    let listed =
        |key: &str| known(key).filter(|(list, _)| !list.is_empty() && is_everything(list)).map(|(_, at)| at);
    reflector(
        "reflector.v1.k8s.emberstack.com/reflection-allowed",
        "reflector.v1.k8s.emberstack.com/reflection-allowed-namespaces",
    )
    .or_else(|| listed("replicator.v1.mittwald.de/replicate-to"))
    .or_else(|| {
        known("replicator.v1.mittwald.de/replication-allowed").filter(|(value, _)| *value == "true")?;
        listed("replicator.v1.mittwald.de/replication-allowed-namespaces")
    })
    // Config Syncer: an empty selector means all namespaces.
    .or_else(|| {
        known("kubed.appscode.com/sync").filter(|(selector, _)| selector.is_empty()).map(|(_, at)| at)
    })
}

fn is_everything(namespaces: &str) -> bool {
    namespaces.trim().is_empty()
        || namespaces.split(',').any(|pattern| matches!(pattern.trim(), "*" | ".*" | "^.*$" | ".+"))
}

/// Tells whether a rule of Kyverno is for all namespaces: kind Namespace without names or selectors.
fn matches_all_namespaces(rule: &Value) -> bool {
    let Some(matched) = rule.get("match") else { return false };
    let lists = ["any", "all"].iter().filter_map(|key| matched.get(key)?.as_list());
    let resources = lists.flatten().chain([matched]).filter_map(|one| one.get("resources"));
    let narrowing = ["annotations", "names", "name", "namespaceSelector", "selector"];
    let mut all = resources.filter(|one| {
        Strings::new(one.attr("kinds")).contains("Namespace").is_yes()
            && narrowing.iter().all(|key| one.get(key).is_none())
    });
    all.next().is_some() && rule.get("preconditions").is_none()
}
