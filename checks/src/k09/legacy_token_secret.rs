use crate::prelude::*;

rule! {
    /// The Secret is filled with a token of a ServiceAccount that never expires.
    ///
    /// ## Why it matters
    /// Who reads the Secret once has the account for good, from anywhere. Backups and the store hold the token too.
    ///
    /// ## How to fix
    /// Use the token that the kubelet projects into pods; outside the cluster ask for one with
    /// `kubectl create token`, or let the client log in by OIDC.
    ///
    /// ## References
    /// - Kubernetes, Managing Service Accounts: Manually create a long-lived API token
    /// - CIS Kubernetes Benchmark 1.12, 3.1.2
    RULE = {
        id: "legacy-token-secret",
        owasp: K09,
        also: [K03],
        severity: High,
        title: "a token that never expires is made",
        tags: ["cis-3.1.2", "external/cwe/cwe-613"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for secret in scan.graph.secrets() {
        let Attr::Known("kubernetes.io/service-account-token", at) = secret.secret_type() else { continue };
        let finding = out.report(&RULE, secret, at, "never expires");
        if let Attr::Known(name, place) = secret.annotations().get("kubernetes.io/service-account.name") {
            let namespace = secret.namespace_or_default();
            finding.message(format!(
                "{} holds a token of ServiceAccount/{namespace}/{name} that never expires",
                secret.address()
            ));
            finding.related(place, "of this account");
        }
    }
}
