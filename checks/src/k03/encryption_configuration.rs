//! How the API server encrypts what it stores.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// The first provider is `identity`, so new Secrets are stored in the clear.
        ///
        /// ## Why it matters
        /// The first provider writes; those after it only read. The configuration looks like encryption and is none.
        ///
        /// ## How to fix
        /// Put `kms` or `secretbox` first, and rewrite all Secrets.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.28
        id: "encryption-identity-first",
        owasp: K03,
        severity: High,
        title: "new Secrets are stored in the clear",
        tags: ["cis-1.2.28", "external/cwe/cwe-311"],
    },
    rule_row! {
        /// No entry of the configuration covers Secrets.
        ///
        /// ## Why it matters
        /// They are stored in the clear although encryption is configured.
        ///
        /// ## How to fix
        /// Add `secrets` to the resources of an entry that encrypts.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.28
        id: "encryption-secrets-uncovered",
        owasp: K03,
        severity: High,
        title: "the encryption configuration leaves Secrets out",
        tags: ["cis-1.2.28", "external/cwe/cwe-311"],
    },
    rule_row! {
        /// The key that encrypts the cluster's Secrets stands in the repository.
        ///
        /// ## Why it matters
        /// Whoever has it and a backup of etcd has every Secret.
        ///
        /// ## How to fix
        /// Use a `kms` provider, and replace the key.
        ///
        /// ## References
        /// - Kubernetes, Encrypting Confidential Data at Rest
        id: "encryption-key-in-repository",
        owasp: K03,
        severity: Critical,
        title: "the encryption key is written in the clear",
        tags: ["external/cwe/cwe-321", "secret-value"],
    },
    rule_row! {
        /// The provider that writes is weak or deprecated.
        ///
        /// ## Why it matters
        /// `aescbc` is open to padding oracle attacks, `aesgcm` breaks if its key is not rotated often, and version 1 of
        /// `kms` is deprecated and off by default from Kubernetes 1.29.
        ///
        /// ## How to fix
        /// Use `kms` with `apiVersion: v2`, or `secretbox`, and rewrite all Secrets.
        ///
        /// ## References
        /// - Kubernetes, Encrypting Confidential Data at Rest: Available providers
        id: "encryption-provider-weak",
        owasp: K03,
        severity: Low,
        title: "the encryption provider is weak",
        tags: ["external/cwe/cwe-327"],
    },
];

/// Where a provider that writes is weak, and why.
fn weakness(provider: &Value) -> Option<(OriginId, &'static str)> {
    let at = |name: &str| Some(provider.as_map()?.entry(name)?.key.origin());
    if let Some(kms) = provider.get("kms") {
        // Go: apiserver/pkg/apis/apiserver/v1/defaults.go: absent means v1.
        return match kms.attr_str("apiVersion") {
            Attr::Known("v1", at) => Some((at, "version 1 is deprecated")),
            Attr::Absent(_) => Some((at("kms")?, "version 1, the default, is deprecated")),
            Attr::Known(..) | Attr::Unknown(..) => None,
        };
    }
    if let Some(at) = at("aescbc") {
        return Some((at, "open to padding oracle attacks"));
    }
    at("aesgcm").map(|at| (at, "needs a new key every 200 000 writes"))
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [identity, uncovered, key, weak] = &RULES;
    let configurations = scan.graph.raw("EncryptionConfiguration").chain(scan.graph.raw("EncryptionConfig"));
    for configuration in configurations {
        let Attr::Known(entries, at) = configuration.body().attr("resources") else { continue };
        let mut covered = Tri::No;
        for entry in entries.as_list().unwrap_or_default() {
            let resources = entry.get("resources").and_then(Value::as_list).unwrap_or_default();
            let secrets =
                Tri::any(resources.iter().map(|resource| match (resource.as_str(), resource.symbol()) {
                    (Some(name), _) => matches!(name, "secrets" | "*." | "*.*").into(),
                    (None, symbol) => Tri::Unknown(symbol),
                }));
            let providers = entry.get("providers").and_then(Value::as_list).unwrap_or_default();
            // The first entry that covers Secrets is the one that counts.
            if secrets.is_yes()
                && covered.is_no()
                && let Some(first) = providers.first()
                && let Some(provider) = first.as_map().and_then(|map| map.entry("identity"))
            {
                out.report(
                    identity,
                    configuration,
                    provider.key.origin(),
                    "this provider writes in the clear",
                );
            }
            if secrets.is_yes()
                && covered.is_no()
                && let Some((at, why)) = providers.first().and_then(weakness)
            {
                out.report(weak, configuration, at, why);
            }
            covered = covered.or(secrets);
            for provider in providers {
                for name in ["aescbc", "aesgcm", "secretbox"] {
                    let keys = provider.at(&[name, "keys"]).and_then(Value::as_list).unwrap_or_default();
                    for entry in keys {
                        if let Attr::Known(secret, at) = entry.attr_str("secret")
                            && !secret.is_empty()
                            && !secret.contains(['<', '$', '{'])
                        {
                            out.report(key, configuration, at, format!("a key of {name}"));
                        }
                    }
                }
            }
        }
        if covered.is_no() {
            out.report(uncovered, configuration, at, "`secrets` is missing");
        }
    }
}
