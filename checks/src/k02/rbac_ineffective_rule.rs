use crate::prelude::*;

rule! {
    /// The rule can never allow anything.
    ///
    /// ## Why it matters
    /// Somebody thinks that a permission is given, or that it is limited to names. The wrong rule is often mended by
    /// a wider one.
    ///
    /// ## How to fix
    /// Write what is meant, or delete the rule.
    ///
    /// ## References
    /// - Kubernetes, Using RBAC Authorization: Referring to resources
    RULE = {
        id: "rbac-ineffective-rule",
        owasp: K02,
        severity: Low,
        persona: Pedantic,
        title: "the rule allows nothing",
        check,
    }
}

/// Resources that only one group of current versions has.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "configmaps",
            "namespaces",
            "nodes",
            "persistentvolumes",
            "pods",
            "secrets",
            "serviceaccounts",
            "services",
        ],
    ),
    ("apps", &["daemonsets", "deployments", "replicasets", "statefulsets"]),
    ("batch", &["cronjobs", "jobs"]),
    ("rbac.authorization.k8s.io", &["clusterrolebindings", "clusterroles", "rolebindings", "roles"]),
];

/// Resources without a namespace, which a Role does not reach.
const CLUSTER: [&str; 6] = [
    "certificatesigningrequests",
    "clusterrolebindings",
    "customresourcedefinitions",
    "nodes",
    "persistentvolumes",
    "storageclasses",
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for role in scan.graph.roles() {
        for policy in role.rules() {
            if let Some((at, why)) = fault(role, policy) {
                out.report(&RULE, role, at, why)
                    .message(format!("a rule of {} allows nothing: {why}", role.address()));
            }
        }
    }
}

fn fault(role: Role<'_>, policy: PolicyRule<'_>) -> Option<(OriginId, &'static str)> {
    let (verbs, resources) = (policy.verbs(), policy.resources());
    if verbs.is_empty() {
        return Some((verbs.origin(), "it has no verbs"));
    }
    if resources.is_empty() {
        return None;
    }
    if policy.api_groups().is_empty() {
        return Some((policy.api_groups().origin(), "it has no API groups; the core group is \"\""));
    }
    let all = |fits: &dyn Fn(&str) -> bool| {
        resources.unknown().is_none() && resources.known().all(|(resource, _)| fits(resource))
    };
    if all(&|resource| resource.ends_with("/*")) {
        return Some((resources.origin(), "subresources are not matched by `/*`"));
    }
    let nameless = |verb: &str| matches!(verb, "create" | "deletecollection");
    if !policy.resource_names().is_empty()
        && verbs.known().all(|(verb, _)| nameless(verb))
        && verbs.unknown().is_none()
        && all(&|resource| !resource.contains('/'))
    {
        return Some((policy.resource_names().origin(), "a request to create has no name to compare"));
    }
    if !role.is_cluster_role() && all(&|resource| CLUSTER.contains(&resource)) {
        return Some((resources.origin(), "a Role does not reach what has no namespace"));
    }
    let misplaced = |resource: &str| {
        let groups = GROUPS.iter().filter(|(_, resources)| resources.contains(&resource));
        let mut groups = groups.map(|(group, _)| policy.has_group(group)).peekable();
        groups.peek().is_some() && groups.all(Tri::is_no)
    };
    let other = |(group, _): (&str, OriginId)| group == "extensions" || group.contains("openshift");
    (all(&misplaced) && !policy.api_groups().known().any(other))
        .then(|| (policy.api_groups().origin(), "the resource is in another API group"))
}
