//! Credentials in manifests, charts and what they print.

mod arguments;
mod secrets;
mod values;

use std::collections::HashSet;

use super::detect::{Verdict, ends_in_secret, judge, password_in_url, secret_line, token};
use crate::prelude::*;
use values::is_from_values;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 11] = [
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
        /// A secret is written into a command or its arguments.
        ///
        /// ## Why it matters
        /// Besides everybody who may see the pod, all who can list processes on the node or in the pod read it.
        ///
        /// ## How to fix
        /// Hand it over in a file or a variable that comes from a Secret: `$(NAME)` in `args`.
        ///
        /// ## References
        /// - CWE-214, Invocation of Process Using Visible Sensitive Information
        id: "secret-in-command-args",
        owasp: K03,
        severity: High,
        title: "a secret is written into a command",
        tags: ["external/cwe/cwe-214", "secret-value"],
    },
    rule_row! {
        /// An annotation or label holds a secret.
        ///
        /// ## Why it matters
        /// Metadata is not protected: every tool shows it, and whoever may see the object reads it. `kubectl apply` keeps
        /// a copy of the whole object in an annotation, a Secret's values too.
        ///
        /// ## How to fix
        /// Remove the annotation, and apply Secrets with `--server-side`.
        ///
        /// ## References
        /// - OWASP Kubernetes Top Ten, K03
        id: "secret-in-annotation",
        owasp: K03,
        severity: Medium,
        title: "metadata holds a secret",
        tags: ["external/cwe/cwe-312", "secret-value"],
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
        /// The login of an image registry stands in the repository.
        ///
        /// ## Why it matters
        /// Whoever reads it can pull the images, and often push others in their place.
        ///
        /// ## How to fix
        /// Let nodes log in by their cloud identity (a credential provider of the kubelet), or let a secret store fill the
        /// Secret.
        ///
        /// ## References
        /// - Kubernetes, Configure a kubelet image credential provider
        id: "registry-credential-manifest",
        owasp: K03,
        severity: High,
        title: "the login of an image registry is written in the clear",
        tags: ["external/cwe/cwe-798", "secret-value"],
    },
    rule_row! {
        /// A values file of a chart holds a secret.
        ///
        /// ## Why it matters
        /// Everybody who installs the chart gets the same secret, and whoever reads the repository has it.
        ///
        /// ## How to fix
        /// Remove the value: let the template `require` it, generate it, or take the name of an existing Secret.
        ///
        /// ## References
        /// - Helm, Best Practices: Values
        id: "secret-in-values-default",
        owasp: K03,
        severity: High,
        title: "a values file holds a secret",
        tags: ["external/cwe/cwe-798", "secret-value"],
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

/// The rows by name.
#[derive(Clone, Copy)]
struct Named {
    known: &'static Rule,
    private: &'static Rule,
    config_map: &'static Rule,
    env: &'static Rule,
    arguments: &'static Rule,
    annotation: &'static Rule,
    manifest: &'static Rule,
    registry: &'static Rule,
    values: &'static Rule,
    weak: &'static Rule,
    url: &'static Rule,
}

fn named() -> Named {
    let [known, private, config_map, env, arguments, annotation, manifest, registry, values, weak, url] =
        &RULES;
    Named { known, private, config_map, env, arguments, annotation, manifest, registry, values, weak, url }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let rules = named();
    let mut sink = Sink { scan, out, rules, seen: HashSet::new() };
    for map in scan.graph.config_maps() {
        for (key, value) in map.data() {
            sink.judge(rules.config_map, map, key, value);
        }
    }
    for container in scan.graph.containers() {
        for variable in container.env() {
            if let (Attr::Known(name, _), Attr::Known(value, _)) = (variable.name(), variable.literal()) {
                sink.judge(rules.env, container, name, value);
            }
        }
        arguments::check(&mut sink, container);
    }
    for secret in scan.graph.secrets() {
        secrets::check(&mut sink, secret);
    }
    for object in scan.graph.objects() {
        metadata(&mut sink, object);
        everywhere(&mut sink, object);
    }
}

/// Takes what the places of secrets give, each place once.
struct Sink<'s, 'g, 'o> {
    scan: &'s Scan<'g>,
    out: &'s mut Findings<'o>,
    rules: Named,
    seen: HashSet<OriginId>,
}

impl Sink<'_, '_, '_> {
    /// Judges a value of a place that is not for secrets; `rule` is that of the place.
    fn judge(&mut self, rule: &'static Rule, subject: impl crate::Subject, key: &str, value: &Value) {
        let Some(whole) = value.as_text() else { return };
        let Ok(text) = std::str::from_utf8(whole.bytes()) else { return };
        // A file in a ConfigMap is read line by line. Parts of it may be unknown.
        if text.contains('\n') && !text.contains("-----BEGIN") {
            if let Some((name, range)) = secret_line(text)
                && whole.slice(range.clone()).is_known()
            {
                let origins = whole.origins_in(&self.scan.store.origins, range);
                let at = origins.first().copied().unwrap_or(value.origin);
                self.report(rule, subject, at, format!("holds {name} in the clear"));
            }
            return;
        }
        if !whole.is_known() {
            return;
        }
        match judge(key, text) {
            Some(verdict) => self.verdict(rule, subject, value.origin, key, verdict),
            None if password_in_url(text) => {
                self.report(self.rules.url, subject, value.origin, "holds a password");
            }
            // `OPTIONS: password=…` is a file of one line.
            None => {
                if let Some((name, _)) = secret_line(text).filter(|(name, _)| ends_in_secret(name)) {
                    self.report(rule, subject, value.origin, format!("holds {name} in the clear"));
                }
            }
        }
    }

    /// Reports a verdict under the rule that says most.
    fn verdict(
        &mut self,
        rule: &'static Rule,
        subject: impl crate::Subject,
        at: OriginId,
        name: &str,
        verdict: Verdict,
    ) {
        let (rule, label) = match verdict {
            Verdict::Known(owner) => (self.rules.known, format!("a {owner}")),
            Verdict::PrivateKey => (self.rules.private, "a private key".to_owned()),
            Verdict::Weak => (self.rules.weak, format!("{name} is a well-known default")),
            Verdict::Named => (rule, format!("{name} is written in the clear")),
        };
        self.report(rule, subject, at, label);
    }

    fn report(
        &mut self,
        rule: &'static Rule,
        subject: impl crate::Subject,
        at: OriginId,
        label: impl Into<String>,
    ) {
        let Named { env, arguments, manifest, values, .. } = self.rules;
        let of_place = [env, arguments, manifest].iter().any(|known| known.id == rule.id);
        let rule = if of_place && is_from_values(self.scan.store, at) { values } else { rule };
        if self.seen.insert(at) {
            self.out.report(rule, subject, at, label);
        }
    }
}

/// What tools other than people write into annotations, and names of keys that hold no secret there.
const HARMLESS: [&str; 6] = [
    "cert-manager.io/",
    "checksum/",
    "helm.sh/",
    "kubernetes.io/service-account.",
    "meta.helm.sh/",
    "vault.hashicorp.com/",
];

/// What `kubectl apply` remembers an object by.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

fn metadata(sink: &mut Sink<'_, '_, '_>, object: Object<'_>) {
    let rule = sink.rules.annotation;
    let pods = Workload::of(object).flat_map(|workload| [workload.pod_annotations(), workload.pod_labels()]);
    for labels in [object.annotations(), object.labels()].into_iter().chain(pods) {
        for (key, value) in labels.iter() {
            let Some(whole) = value.as_text().filter(|text| text.is_known()) else { continue };
            let Some(text) = whole.as_str() else { continue };
            if key == LAST_APPLIED {
                if secrets::is_copy_with_data(text) {
                    sink.report(rule, object, value.origin, "a copy of the Secret with its values");
                }
                continue;
            }
            let name = key.rsplit_once('/').map_or(key, |(_, name)| name);
            // `auth-secret: shop/basic` names a Secret; a token is a token under any key.
            let is_name =
                super::detect::is_reference(name) || HARMLESS.iter().any(|known| key.starts_with(known));
            if !is_name || token(text).is_some() {
                sink.judge(rule, object, name, value);
            }
        }
    }
}

/// Kinds whose text is read elsewhere, is encrypted, or only describes.
const READ_ELSEWHERE: [&str; 4] = ["ConfigMap", "CustomResourceDefinition", "SealedSecret", "Secret"];

/// Tokens, private keys and URLs with passwords are what they are under any field of any object.
fn everywhere(sink: &mut Sink<'_, '_, '_>, object: Object<'_>) {
    if READ_ELSEWHERE.contains(&object.kind()) || object.body().get("sops").is_some() {
        return;
    }
    let mut open = vec![object.body()];
    while let Some(value) = open.pop() {
        if let Some(map) = value.as_map() {
            open.extend(map.iter().map(|entry| &entry.value));
        } else if let Some(list) = value.as_list() {
            open.extend(list);
        } else if let Some(text) =
            value.as_text().filter(|text| text.is_known()).and_then(|text| text.as_str())
        {
            // Without a name only the shape decides.
            if let Some(verdict @ (Verdict::Known(_) | Verdict::PrivateKey)) = judge("", text) {
                sink.verdict(sink.rules.known, object, value.origin, "", verdict);
            } else if !text.contains(char::is_whitespace) && password_in_url(text) {
                sink.report(sink.rules.url, object, value.origin, "holds a password");
            }
        }
    }
}
