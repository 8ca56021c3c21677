use crate::prelude::*;

rule! {
    /// A line of an ABAC policy gives everything, or gives it to everybody.
    ///
    /// ## Why it matters
    /// ABAC cannot be changed without a restart and is not seen by tools that review roles: such a line stays.
    ///
    /// ## How to fix
    /// Use RBAC. Until then name users, namespaces and resources, and set `readonly`.
    ///
    /// ## References
    /// - Kubernetes, Using ABAC Authorization
    RULE = {
        id: "abac-policy-wildcard",
        owasp: K02,
        severity: High,
        title: "a line of the ABAC policy gives everything",
        tags: ["external/cwe/cwe-250"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let policies = scan.graph.raw("Policy");
    for policy in policies.filter(|policy| policy.api_group() == "abac.authorization.kubernetes.io") {
        let Some(spec) = policy.body().get("spec") else { continue };
        if spec.attr_bool("readonly").is(true) || spec.attr_bool("readonly").is_unknown() {
            continue;
        }
        let star = |key: &str| spec.attr_str(key).is("*");
        let everybody = star("user")
            || ["*", "system:authenticated", "system:serviceaccounts", "system:unauthenticated"]
                .iter()
                .any(|group| spec.attr_str("group").is(group));
        let everything = star("namespace") && star("resource");
        let (key, label) = match (everybody, everything) {
            (true, _) if star("user") => ("user", "everybody"),
            (true, _) => ("group", "everybody"),
            (false, true) => ("resource", "everything"),
            (false, false) => continue,
        };
        out.report(&RULE, policy, spec.attr_str(key).origin(), label);
    }
}
