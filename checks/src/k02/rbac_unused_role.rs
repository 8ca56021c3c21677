use super::held::is_closed;
use crate::prelude::*;

rule! {
    /// Nothing binds the role, and no other role takes it over.
    ///
    /// ## Why it matters
    /// It gives nothing, but it waits for somebody to bind it without looking at its rules.
    ///
    /// ## How to fix
    /// Delete it.
    ///
    /// ## References
    /// - Kubernetes, Role Based Access Control Good Practices: Periodic review
    RULE = {
        id: "rbac-unused-role",
        owasp: K02,
        severity: Info,
        persona: Pedantic,
        title: "nothing binds the role",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for role in scan.graph.roles().filter(|role| !role.has_bootstrap_name() && is_closed(*role)) {
        let aggregated = role.labels().iter().any(|(key, _)| key.contains("/aggregate-to-"));
        if role.holdings().is_empty() && role.aggregated_into().is_empty() && !aggregated {
            let at = role.origin().unwrap_or(role.body().origin);
            out.report(&RULE, role, at, "bound nowhere");
        }
    }
}
