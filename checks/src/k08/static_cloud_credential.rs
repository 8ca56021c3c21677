//! Keys of cloud accounts that pods carry instead of an identity.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// A lasting key of a cloud account stands in a workload or ConfigMap.
        ///
        /// ## Why it matters
        /// Whoever reads the manifest, the repository or the object has the key, from anywhere and until somebody rotates
        /// it.
        ///
        /// ## How to fix
        /// Revoke the key. Give the ServiceAccount an identity: EKS Pod Identity or IAM roles for service accounts,
        /// Workload Identity Federation for GKE, Microsoft Entra Workload ID.
        ///
        /// ## References
        /// - Kubernetes, Good practices for Kubernetes Secrets
        /// - MITRE ATT&CK T1552.001, Credentials In Files
        id: "static-cloud-credential",
        owasp: K08,
        also: [K03],
        severity: High,
        title: "a key of a cloud account is written in the workload",
        tags: ["external/cwe/cwe-798"],
        aliases: ["static-aws-keys-in-workload"],
    },
    rule_row! {
        /// A workload uses a lasting key of a cloud account from a Secret.
        ///
        /// ## Why it matters
        /// The key works from anywhere and does not expire: one read of the Secret is enough, whenever it happened.
        ///
        /// ## How to fix
        /// Give the ServiceAccount an identity: EKS Pod Identity or IAM roles for service accounts, Workload Identity
        /// Federation for GKE, Microsoft Entra Workload ID.
        ///
        /// ## References
        /// - Amazon EKS Best Practices Guide, Identity and Access Management
        id: "static-cloud-credential-reference",
        owasp: K08,
        also: [K03],
        severity: Medium,
        title: "the workload uses a lasting key of a cloud account",
        tags: ["external/cwe/cwe-522"],
    },
];

/// Names of variables that hold the secret half of a key, and the cloud they are for.
const SECRETS: [(&str, &str); 11] = [
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "Alibaba Cloud"),
    ("ALICLOUD_SECRET_KEY", "Alibaba Cloud"),
    ("ARM_CLIENT_SECRET", "Azure"),
    ("AWS_SECRET_ACCESS_KEY", "AWS"),
    ("AWS_SECRET_KEY", "AWS"),
    ("AZURE_CLIENT_SECRET", "Azure"),
    ("AZURE_STORAGE_KEY", "Azure"),
    ("DIGITALOCEAN_ACCESS_TOKEN", "DigitalOcean"),
    ("GCP_SERVICE_ACCOUNT_KEY", "Google Cloud"),
    ("GOOGLE_CREDENTIALS", "Google Cloud"),
    ("OCI_CLI_KEY_CONTENT", "Oracle Cloud"),
];

/// Names of variables that say in which file a key lies, and the cloud it is for.
const FILES: [(&str, &str); 2] =
    [("AWS_SHARED_CREDENTIALS_FILE", "AWS"), ("GOOGLE_APPLICATION_CREDENTIALS", "Google Cloud")];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        // Another service with the interface of S3 has keys of its own.
        if container.env().any(is_other_endpoint) {
            continue;
        }
        for variable in container.env() {
            let Attr::Known(name, _) = variable.name() else { continue };
            if let Some((_, cloud)) = SECRETS.iter().find(|(known, _)| *known == name) {
                judge(out, container, variable, name, cloud);
            }
        }
        key_files(out, container);
    }
    let [written, _] = &RULES;
    for map in scan.graph.config_maps() {
        for (key, value) in map.data() {
            let known = SECRETS.iter().find(|(name, _)| *name == key);
            if let Some((_, cloud)) = known
                && value.as_str().is_some_and(is_value)
            {
                let finding = out.report(written, map, value.origin, "the key");
                finding.message(format!("{} holds a lasting key of {cloud}: {key}", map.address()));
            }
        }
    }
}

fn judge(out: &mut Findings<'_>, container: Container<'_>, variable: EnvVar<'_>, name: &str, cloud: &str) {
    let [written, reference] = &RULES;
    let address = container.workload().address();
    match variable.literal() {
        Attr::Known(value, at) if value.as_str().is_some_and(is_value) => {
            out.report(written, container, at, "the key").message(format!(
                "{address}, container {}: a lasting key of {cloud} is written in {name}",
                container.name()
            ));
        }
        Attr::Known(..) | Attr::Unknown(..) => {}
        Attr::Absent(_) => {
            if let Some((secret, _)) = variable.secret_key() {
                let from = secret.known().unwrap_or("a Secret");
                out.report(reference, container, variable.value().origin, "a lasting key").message(format!(
                    "{address}, container {}: {name} is a lasting key of {cloud}, from Secret {from}",
                    container.name()
                ));
            }
        }
    }
}

/// A file that lies in a volume of a Secret holds a key; a federated configuration lies elsewhere. Charts for every
/// cloud name one file in several variables.
fn key_files(out: &mut Findings<'_>, container: Container<'_>) {
    let mut told: Vec<&str> = Vec::new();
    for variable in container.env() {
        let (Attr::Known(name, _), Attr::Known(path, at)) =
            (variable.name(), variable.literal().and(Value::as_str))
        else {
            continue;
        };
        let Some((_, cloud)) = FILES.iter().find(|(known, _)| *known == name) else { continue };
        let mount = container
            .mounts()
            .find(|mount| matches!(mount.path(), Attr::Known(under, _) if path.starts_with(under)));
        let secret = mount.and_then(|mount| mount.volume()).map(|volume| volume.secret_name());
        let Some(Attr::Known(secret, from)) = secret else { continue };
        if told.contains(&path) {
            continue;
        }
        told.push(path);
        let same = |other: &EnvVar<'_>| other.literal().and(Value::as_str).is(path);
        let cloud = if container.env().filter(same).count() > 1 { "a cloud" } else { cloud };
        let finding = out.report(&RULES[1], container, at, "the file of a key");
        finding.message(format!(
            "{}, container {}: {name} is a lasting key of {cloud}, from Secret {secret}",
            container.workload().address(),
            container.name()
        ));
        finding.related(from, "the Secret");
    }
}

fn is_other_endpoint(variable: EnvVar<'_>) -> bool {
    let named = matches!(variable.name(), Attr::Known(name, _) if name.contains("ENDPOINT"));
    let value = variable.literal().and(Value::as_str);
    named && matches!(value, Attr::Known(value, _) if !value.is_empty() && !value.contains("amazonaws.com"))
}

/// Tells whether a text can be a key: not empty, no reference to another variable, no word that stands for one.
fn is_value(text: &str) -> bool {
    let plain = text.trim();
    let placeholder = ["changeme", "example", "placeholder", "replace", "your", "xxxx", "<", "${", "$("];
    let lower = plain.to_ascii_lowercase();
    plain.len() >= 8 && !placeholder.iter().any(|word| lower.contains(word))
}
