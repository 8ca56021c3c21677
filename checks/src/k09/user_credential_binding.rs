use crate::prelude::*;

rule! {
    /// A single user, known by a certificate or a static token, is as good as an administrator.
    ///
    /// ## Why it matters
    /// Certificates cannot be revoked, and nobody sees in the cluster that the person left.
    ///
    /// ## How to fix
    /// Bind a group of the identity provider.
    ///
    /// ## References
    /// - CIS Kubernetes Benchmark 1.12, 3.1.1
    RULE = {
        id: "user-credential-binding",
        owasp: K09,
        also: [K02],
        severity: Info,
        persona: Auditor,
        title: "a single user is as good as an administrator",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for binding in scan.graph.bindings() {
        for subject in binding.subjects().filter(|subject| !subject.is_system()) {
            let Attr::Known(name, at) = subject.name() else { continue };
            // Names with `@` or `#` come from an identity provider.
            if subject.kind() != Some(SubjectKind::User) || name.contains(['@', '#', ':']) {
                continue;
            }
            let found = scan.graph.find_address(&format!("User/{name}"));
            if found.iter().any(|node| scan.graph.is_admin_equivalent(*node).is_yes()) {
                out.report(&RULE, binding, at, "a single user").message(format!(
                    "{} binds user {name}, who is as good as an administrator",
                    binding.address()
                ));
            }
        }
    }
}
