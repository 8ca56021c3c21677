//! Credentials in manifests, charts and what they print.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::detect::{Verdict, judge, password_in_url, secret_line};
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 7] = [
    rule_row! {
        /// The text has the shape of a provider's token, so it very likely is one.
        ///
        /// ## Why it matters
        /// Whoever can read the repository, its history or the object can use it until it is revoked.
        ///
        /// ## How to fix
        /// Revoke the token, and load its successor from a secret store.
        ///
        /// ## References
        /// - OWASP Kubernetes Top Ten, K03
        id: "known-credential-pattern",
        owasp: K03,
        severity: Critical,
        title: "a provider's token is written in the clear",
        tags: ["external/cwe/cwe-798", "secret-value"],
    },
    rule_row! {
        /// A private key stands in the repository.
        ///
        /// ## Why it matters
        /// Whoever reads it can be the server or the user it belongs to.
        ///
        /// ## How to fix
        /// Replace the key pair, and keep the new key in a secret store.
        ///
        /// ## References
        /// - OWASP Kubernetes Top Ten, K03
        id: "private-key-material",
        owasp: K03,
        severity: Critical,
        title: "a private key is written in the clear",
        tags: ["external/cwe/cwe-321", "secret-value"],
    },
    rule_row! {
        /// A ConfigMap is not for secrets: everybody who may look at the application may read it.
        ///
        /// ## Why it matters
        /// Roles that read ConfigMaps are given freely, they are not encrypted in etcd and are shown by every tool.
        ///
        /// ## How to fix
        /// Move the value to a secret store, or at least to a Secret.
        ///
        /// ## References
        /// - OWASP Kubernetes Top Ten, K03
        id: "secret-in-configmap",
        owasp: K03,
        severity: High,
        title: "a ConfigMap holds a secret",
        tags: ["external/cwe/cwe-312", "secret-value"],
    },
    rule_row! {
        /// A secret is written into the pod's environment in the clear.
        ///
        /// ## Why it matters
        /// Everybody who may see the pod, its controller or the repository sees it, and so do crash reports.
        ///
        /// ## How to fix
        /// Use `valueFrom.secretKeyRef`, or a mounted file from a secret store.
        ///
        /// ## References
        /// - OWASP Kubernetes Top Ten, K03
        id: "secret-in-env-literal",
        owasp: K03,
        severity: High,
        title: "a secret is written into the environment",
        tags: ["external/cwe/cwe-798", "secret-value"],
    },
    rule_row! {
        /// The manifest of a Secret holds its value, which base64 does not hide.
        ///
        /// ## Why it matters
        /// Whoever can read the repository or its history has the secret.
        ///
        /// ## How to fix
        /// Use an ExternalSecret, a SealedSecret or SOPS.
        ///
        /// ## References
        /// - OWASP Kubernetes Top Ten, K03
        id: "plaintext-secret-manifest",
        owasp: K03,
        severity: High,
        title: "the manifest of a Secret holds its value",
        tags: ["external/cwe/cwe-312", "secret-value"],
    },
    rule_row! {
        /// The password is one that everybody tries first.
        ///
        /// ## Why it matters
        /// Defaults stay: the one in the chart is the one in production.
        ///
        /// ## How to fix
        /// Remove the default; generate the password, or require it.
        ///
        /// ## References
        /// - CWE-1392, Use of Default Credentials
        id: "weak-default-credential",
        owasp: K03,
        also: [K09],
        severity: High,
        title: "the password is a well-known default",
        tags: ["external/cwe/cwe-1392", "secret-value"],
    },
    rule_row! {
        /// A URL holds the password of its user.
        ///
        /// ## Why it matters
        /// URLs are logged, shown in errors and passed on.
        ///
        /// ## How to fix
        /// Put the password into a variable of its own that comes from a secret store.
        ///
        /// ## References
        /// - RFC 3986, 3.2.1
        id: "secret-in-url",
        owasp: K03,
        severity: High,
        title: "a URL holds a password",
        tags: ["external/cwe/cwe-522", "secret-value"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [.., configmap, env, manifest, _, _] = &RULES;
    for map in scan.graph.config_maps() {
        for (key, value) in map.data() {
            report(scan, out, configmap, map, key, value);
        }
    }
    for container in scan.graph.containers() {
        for variable in container.env() {
            if let (Attr::Known(name, _), Attr::Known(value, _)) = (variable.name(), variable.literal()) {
                report(scan, out, env, container, name, value);
            }
        }
    }
    for secret in scan.graph.secrets() {
        if !is_judged(secret) {
            continue;
        }
        let plain =
            secret.string_data().filter_map(|(key, value)| Some((key, value.as_str()?.to_owned(), value)));
        let coded = secret.data().filter_map(|(key, value)| Some((key, decode(value.as_str()?)?, value)));
        for (key, text, value) in plain.chain(coded) {
            secret_value(out, manifest, secret, key, &text, value);
        }
    }
}

/// Reports a value of a place that is not for secrets, under the rule that says most.
fn report(
    scan: &Scan<'_>,
    out: &mut Findings<'_>,
    rule: &'static Rule,
    subject: impl crate::Subject,
    key: &str,
    value: &Value,
) {
    let [known, private, .., weak, url] = &RULES;
    let Some(whole) = value.as_text() else { return };
    let Ok(text) = std::str::from_utf8(whole.bytes()) else { return };
    // A file in a ConfigMap is read line by line. Parts of it may be unknown.
    if text.contains('\n') && !text.contains("-----BEGIN") {
        if let Some((name, range)) = secret_line(text)
            && whole.slice(range.clone()).is_known()
        {
            let at = whole.origins_in(&scan.store.origins, range).first().copied().unwrap_or(value.origin);
            out.report(rule, subject, at, format!("holds {name} in the clear"));
        }
        return;
    }
    if !whole.is_known() {
        return;
    }
    let (rule, label) = match judge(key, text) {
        Some(Verdict::Known(owner)) => (known, format!("a {owner}")),
        Some(Verdict::PrivateKey) => (private, "a private key".to_owned()),
        Some(Verdict::Weak) => (weak, format!("{key} is a well-known default")),
        Some(Verdict::Named) => (rule, format!("{key} is written in the clear")),
        None if password_in_url(text) => (url, "holds a password".to_owned()),
        None => return,
    };
    out.report(rule, subject, value.origin, label);
}

/// Whatever a Secret holds is secret, except certificates, public keys and what names things.
fn secret_value(
    out: &mut Findings<'_>,
    manifest: &'static Rule,
    secret: Secret<'_>,
    key: &str,
    text: &str,
    value: &Value,
) {
    let [known, private, .., weak, _] = &RULES;
    // A name that tells nothing is taken for that of a secret.
    let name = if super::detect::is_secret_name(key) { key } else { "password" };
    let is_public = text.contains("-----BEGIN CERTIFICATE") || key.ends_with(".crt") || key.ends_with(".pub");
    let tells = [
        "host", "hostname", "port", "user", "username", "name", "database", "url", "endpoint", "region",
        "type",
    ]
    .iter()
    .any(|word| key.to_ascii_lowercase().ends_with(word));
    let (rule, label) = match judge(name, text) {
        Some(Verdict::Known(owner)) => (known, format!("a {owner}")),
        Some(Verdict::PrivateKey) => (private, "a private key".to_owned()),
        Some(Verdict::Weak) if !tells => (weak, format!("{key} is a well-known default")),
        Some(Verdict::Named) if !is_public && !tells => (manifest, format!("{key} is written in the clear")),
        Some(Verdict::Named | Verdict::Weak) | None => return,
    };
    out.report(rule, secret, value.origin, label);
}

/// Releases of Helm, tokens that the cluster fills in and what SOPS has encrypted hold no secret of the author's.
fn is_judged(secret: Secret<'_>) -> bool {
    let kind = secret.secret_type().known().unwrap_or_default();
    !matches!(
        kind,
        "helm.sh/release.v1" | "kubernetes.io/service-account-token" | "bootstrap.kubernetes.io/token"
    ) && secret.body().get("sops").is_none()
}

/// The text that base64 stands for; line ends between are skipped, as Kubernetes does. What is no text gives nothing.
fn decode(text: &str) -> Option<String> {
    let letters: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    String::from_utf8(STANDARD.decode(letters).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read() {
        assert_eq!(decode("aHVudGVyMg==").as_deref(), Some("hunter2"));
        assert_eq!(decode("aHVu\ndGVyMg==").as_deref(), Some("hunter2"));
        assert_eq!(decode("not base64!"), None);
    }
}
