//! Secrets that are written as manifests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Sink;
use crate::k03::detect::{Verdict, is_placeholder, is_secret_name, judge};
use crate::prelude::*;

pub(super) fn check(sink: &mut Sink<'_, '_, '_>, secret: Secret<'_>) {
    if !is_judged(secret) {
        return;
    }
    let plain =
        secret.string_data().filter_map(|(key, value)| Some((key, value.as_str()?.to_owned(), value)));
    let coded = secret.data().filter_map(|(key, value)| Some((key, decode(value.as_str()?)?, value)));
    for (key, text, value) in plain.chain(coded) {
        if matches!(key, ".dockerconfigjson" | ".dockercfg") {
            if holds_login(&text) {
                sink.report(sink.rules.registry, secret, value.origin, "holds a login");
            }
        } else {
            judge_value(sink, secret, key, &text, value);
        }
    }
}

/// Last words of keys whose value names or describes something.
const TELLING: [&str; 11] =
    ["host", "hostname", "port", "user", "username", "name", "database", "url", "endpoint", "region", "type"];

/// Whatever a Secret holds is secret, except certificates, public keys and what names things.
fn judge_value(sink: &mut Sink<'_, '_, '_>, secret: Secret<'_>, key: &str, text: &str, value: &Value) {
    // A name that tells nothing is taken for that of a secret.
    let name = if is_secret_name(key) { key } else { "password" };
    let is_public = text.contains("-----BEGIN CERTIFICATE") || key.ends_with(".crt") || key.ends_with(".pub");
    let tells = TELLING.iter().any(|word| key.to_ascii_lowercase().ends_with(word));
    match judge(name, text) {
        None => {}
        Some(Verdict::Named) if is_public || tells => {}
        Some(Verdict::Weak) if tells => {}
        Some(verdict) => sink.verdict(sink.rules.manifest, secret, value.origin, key, verdict),
    }
}

/// Releases of Helm, tokens that the cluster fills in and what SOPS has encrypted hold no secret of the author's.
fn is_judged(secret: Secret<'_>) -> bool {
    let kind = secret.secret_type().known().unwrap_or_default();
    !matches!(
        kind,
        "helm.sh/release.v1" | "kubernetes.io/service-account-token" | "bootstrap.kubernetes.io/token"
    ) && secret.body().get("sops").is_none()
}

/// Tells whether a configuration of docker holds a login that is no placeholder.
fn holds_login(text: &str) -> bool {
    json_strings(text, "auth").any(|auth| {
        let login = decode(auth);
        let password = login.as_deref().and_then(|login| login.split_once(':')).map(|(_, password)| password);
        password.is_some_and(|password| !is_placeholder(password))
    }) || ["identitytoken", "password"]
        .iter()
        .any(|key| json_strings(text, key).any(|text| !is_placeholder(text)))
}

/// Tells whether a copy of an object in JSON is one of a Secret that holds values.
pub(super) fn is_copy_with_data(text: &str) -> bool {
    let is_secret = json_strings(text, "kind").any(|kind| kind == "Secret");
    let has_values = |key: &str| {
        let object = text.split_once(&format!("\"{key}\":")).map(|(_, rest)| rest.trim_start());
        object.is_some_and(|rest| rest.starts_with('{') && !rest[1..].trim_start().starts_with('}'))
    };
    is_secret && (has_values("data") || has_values("stringData"))
}

/// The strings that stand under a key anywhere in a JSON text. Texts with escaped quotes may give too few.
fn json_strings<'t>(text: &'t str, key: &str) -> impl Iterator<Item = &'t str> {
    // Between quotes stand strings, and what is around them decides what they are.
    let parts: Vec<&str> = text.split('"').collect();
    let found = parts
        .windows(3)
        .enumerate()
        .filter(|(at, part)| at % 2 == 1 && part[0] == key && part[1].trim() == ":");
    found.map(|(_, part)| part[2]).collect::<Vec<_>>().into_iter()
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

    #[test]
    fn logins_of_registries_are_read() {
        let login =
            |user: &str| format!(r#"{{"auths": {{"r.example": {{"auth": "{}"}}}}}}"#, STANDARD.encode(user));
        assert!(holds_login(&login("ci:corner-office-42")));
        assert!(!holds_login(&login("ci:<password>")));
        assert!(!holds_login(&login("ci:")));
        assert!(holds_login(r#"{"r.example": {"username": "ci", "password": "corner-office-42"}}"#));
        assert!(!holds_login(r#"{"auths": {"r.example": {}}, "credsStore": "ecr-login"}"#));
    }

    #[test]
    fn copies_of_secrets_are_known() {
        assert!(is_copy_with_data(r#"{"apiVersion":"v1","data":{"a":"YQ=="},"kind":"Secret"}"#));
        assert!(!is_copy_with_data(r#"{"apiVersion":"v1","data":{},"kind":"Secret"}"#));
        assert!(!is_copy_with_data(r#"{"apiVersion":"v1","data":{"a":"b"},"kind":"ConfigMap"}"#));
    }
}
