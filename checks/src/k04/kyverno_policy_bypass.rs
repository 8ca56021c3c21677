use crate::prelude::*;

rule! {
    /// A Kyverno policy that refuses can be gone around.
    ///
    /// ## Why it matters
    /// An override to `Audit`, an exclusion of every namespace, an exception from every policy or an ignored failure lets in
    /// what the policy seems to refuse.
    ///
    /// ## How to fix
    /// Narrow the exclusion or exception to the workloads that need it, by name and namespace.
    ///
    /// ## References
    /// - Kyverno, Policy Exceptions
    /// - Kyverno, Validate Rules: failureActionOverrides
    RULE = {
        id: "kyverno-policy-bypass",
        owasp: K04,
        severity: Medium,
        title: "the Kyverno policy can be gone around",
        tags: ["external/cwe/cwe-693"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for policy in
        scan.graph.kyverno_policies().filter(|policy| policy.validates() && policy.enforces().is_yes())
    {
        for (at, label) in policy.ways_around() {
            out.report(&RULE, policy.object(), at, label);
        }
    }
    for exception in scan.graph.raw("PolicyException") {
        let exceptions =
            exception.body().at(&["spec", "exceptions"]).and_then(Value::as_list).unwrap_or_default();
        for one in exceptions {
            if let Attr::Known("*", at) = one.attr_str("policyName") {
                out.report(&RULE, exception, at, "an exception from every policy");
            }
        }
    }
}
