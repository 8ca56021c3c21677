use crate::prelude::*;

rule! {
    /// A bootstrap token stands in the repository.
    ///
    /// ## Why it matters
    /// Who has it joins a machine to the cluster, and with that a kubelet that gets Secrets of pods. Without an
    /// expiration it is good for ever.
    ///
    /// ## How to fix
    /// Make tokens when machines join, with `kubeadm token create`, and let them expire after a day.
    ///
    /// ## References
    /// - Kubernetes, Authenticating with Bootstrap Tokens
    /// - CIS Kubernetes Benchmark 1.12, 3.1.3
    RULE = {
        id: "bootstrap-token-manifest",
        owasp: K09,
        also: [K03],
        severity: High,
        title: "a token that joins machines stands in the repository",
        tags: ["cis-3.1.3", "external/cwe/cwe-798"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for secret in scan.graph.secrets() {
        if !secret.secret_type().is("bootstrap.kubernetes.io/token") {
            continue;
        }
        let entry = |wanted: &str| {
            let mut all = secret.string_data().chain(secret.data());
            all.find(|(key, _)| *key == wanted).map(|(_, value)| value)
        };
        let Some(token) = entry("token-secret").filter(|value| value.as_str().is_some()) else { continue };
        let lasting = entry("expiration").is_none();
        report(out, secret, token.origin, lasting, secret.address());
    }
    for kind in ["InitConfiguration", "JoinConfiguration"] {
        for object in scan.graph.raw(kind) {
            let own = object.body().get("bootstrapTokens").and_then(Value::as_list).unwrap_or_default();
            let joining = object.body().at(&["discovery", "bootstrapToken"]);
            for entry in own.iter().chain(joining) {
                let Attr::Known(token, at) = entry.attr_str("token") else { continue };
                if !token.contains('.') || token.contains(['<', '$', '{']) {
                    continue;
                }
                // kubeadm gives its tokens a day.
                let lasting = matches!(entry.attr_str("ttl"), Attr::Known("0" | "0s" | "0h0m0s", _));
                report(out, object, at, lasting, object.address());
            }
        }
    }
}

fn report(out: &mut Findings<'_>, subject: impl crate::Subject, at: OriginId, lasting: bool, address: &str) {
    let finding = out.report(&RULE, subject, at, "joins machines");
    if lasting {
        finding.message(format!("{address} holds a bootstrap token that never expires")).weigh(15);
    }
}
