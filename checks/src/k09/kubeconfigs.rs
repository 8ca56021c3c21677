//! Kubeconfigs that log in whoever finds them, or that do not care whom they talk to.

use std::collections::HashSet;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// The kubeconfig holds the credential of a user.
        ///
        /// ## Why it matters
        /// Who reads the repository, or an old commit of it, is that user. Client certificates cannot be revoked.
        ///
        /// ## How to fix
        /// Take the file out of the repository, replace the credential, and log in by an `exec` plugin.
        ///
        /// ## References
        /// - Kubernetes, Authenticating: client-go credential plugins
        id: "kubeconfig-embedded-credential",
        owasp: K09,
        also: [K03],
        severity: Critical,
        title: "the kubeconfig logs in whoever finds it",
        tags: ["external/cwe/cwe-798"],
    },
    rule_row! {
        /// The certificate in the kubeconfig is for a member of `system:masters`.
        ///
        /// ## Why it matters
        /// The group passes every check of authorization, and the certificate cannot be revoked: only a new CA ends
        /// it.
        ///
        /// ## How to fix
        /// Issue a certificate for a group of your own, or let people log in by OIDC. Keep such a file offline.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.1.7 and 3.1.1
        id: "kubeconfig-system-masters",
        owasp: K09,
        also: [K02],
        severity: Critical,
        title: "the kubeconfig is for an administrator who cannot be stopped",
        tags: ["cis-5.1.7", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// The client does not verify the server it sends credentials to.
        ///
        /// ## Why it matters
        /// Who stands in between takes the token, and answers what they like.
        ///
        /// ## How to fix
        /// Remove `insecure-skip-tls-verify`, use `https://`, and set `certificate-authority-data`.
        ///
        /// ## References
        /// - Kubernetes, Organizing Cluster Access Using kubeconfig Files
        id: "kubeconfig-tls-skipped",
        owasp: K09,
        severity: High,
        title: "the server is not verified",
        tags: ["external/cwe/cwe-295"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [credential, masters, skipped] = &RULES;
    for config in scan.graph.kubeconfigs() {
        let audits = is_for_audit(scan, config);
        for user in config.users() {
            let name = user.name().known().unwrap_or("somebody");
            if let Attr::Known(data, at) = user.certificate()
                && CertificateSubject::parse(data).is_some_and(|subject| {
                    subject.organizations.iter().any(|group| group == "system:masters")
                })
            {
                out.report(masters, config, at, "member of system:masters").message(format!(
                    "{}: the certificate of {name} is for system:masters",
                    config.address()
                ));
            }
            if let Some((key, at)) = user.credential() {
                let finding = out.report(credential, config, at, format!("`{key}` of {name}"));
                finding.message(format!("{} holds the {key} of user {name}", config.address()));
                if config.is_local() {
                    finding.expected("the cluster is on the machine itself");
                }
            }
        }
        for (at, why) in config.clusters().filter_map(KubeconfigCluster::weakness).filter(|_| !audits) {
            out.report(skipped, config, at, why);
        }
    }
    // Most texts in ConfigMaps were read like files, and have been reported above.
    let read: HashSet<&str> = scan.graph.kubeconfigs().map(View::address).collect();
    for map in scan.graph.config_maps().filter(|map| !read.contains(map.address())) {
        embedded(map, map.data(), out);
    }
    for secret in scan.graph.secrets() {
        embedded(secret, secret.string_data(), out);
    }
}

/// The file tells the API server where to send its audit log, which has a rule of its own.
fn is_for_audit(scan: &Scan<'_>, config: Kubeconfig<'_>) -> bool {
    scan.graph.components_named(kubernetes::ComponentName::ApiServer).any(|server| {
        server.written_flag("audit-webhook-config-file").is_some_and(|flag| config.is_named_by(&flag.value))
    })
}

/// A kubeconfig as a text inside another object.
fn embedded<'g>(
    object: impl crate::Subject + KubernetesView<'g>,
    data: impl Iterator<Item = (&'g str, &'g Value)>,
    out: &mut Findings<'_>,
) {
    for (key, value) in data {
        let Some(text) =
            value.as_str().filter(|text| text.contains("kind: Config") && text.contains("clusters:"))
        else {
            continue;
        };
        let found = text.lines().find_map(|line| {
            let (name, value) = line.trim().trim_start_matches("- ").split_once(": ")?;
            let known = matches!(name, "client-key-data" | "password" | "token");
            // Placeholders of templates and shells are filled in later.
            (known && !value.trim().is_empty() && !value.contains(['$', '<', '{'])).then_some(name)
        });
        if let Some(name) = found {
            let message = format!("{}, {key}: a kubeconfig with {name}", object.address());
            out.report(&RULES[0], object, value.origin, "a kubeconfig").message(message);
        }
    }
}
