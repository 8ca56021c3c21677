//! What the API server's own configuration of admission lets pass.

use iac_graph::kubernetes::is_system_namespace;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// Namespaces without a label admit every pod.
        ///
        /// ## Why it matters
        /// The configuration sets defaults for the whole cluster, and its default is the level `privileged`.
        ///
        /// ## How to fix
        /// Set `defaults.enforce: baseline`, and exempt the namespaces that need more.
        ///
        /// ## References
        /// - Kubernetes, Enforce Pod Security Standards by Configuring the Built-in Admission Controller
        id: "psa-default-privileged",
        owasp: K04,
        severity: Medium,
        title: "namespaces without a label admit every pod",
    },
    rule_row! {
        /// Users, runtime classes or namespaces are exempt from Pod Security admission.
        ///
        /// ## Why it matters
        /// An exempt user creates privileged pods everywhere; everybody may name an exempt runtime class; and to exempt
        /// the ServiceAccount of a controller exempts all whose Deployments it serves.
        ///
        /// ## How to fix
        /// Remove the exemption: label the one namespace that needs more with the level it needs.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Admission: Exemptions
        id: "psa-exemption-broad",
        owasp: K04,
        severity: High,
        title: "Pod Security admission leaves out more than the system",
        tags: ["external/cwe/cwe-693"],
    },
    rule_row! {
        /// Images are admitted when the webhook that judges them does not answer.
        ///
        /// ## Why it matters
        /// Whoever can stop or slow the webhook's backend runs any image.
        ///
        /// ## How to fix
        /// Set `defaultAllow: false`.
        ///
        /// ## References
        /// - Kubernetes, Admission Control: ImagePolicyWebhook
        id: "image-policy-webhook-fails-open",
        owasp: K04,
        severity: Medium,
        title: "images pass when their webhook is down",
        tags: ["external/cwe/cwe-636"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [default, exemption, images] = &RULES;
    for configuration in scan.graph.pod_security_configurations() {
        match configuration.default_level("enforce") {
            Attr::Known("privileged", at) => {
                out.report(default, configuration.object(), at, "admits every pod");
            }
            Attr::Absent(_) => {
                let at = configuration.origin();
                out.report(default, configuration.object(), at, "no `defaults.enforce`");
            }
            Attr::Known(..) | Attr::Unknown(..) => {}
        }
        for (of, label) in EXEMPTIONS {
            for (name, at) in configuration.exemptions(of).known().filter(|(name, _)| is_broad(of, name)) {
                out.report(exemption, configuration.object(), at, format!("{name} {label}"));
            }
        }
    }
    for (object, plugin) in scan.graph.admission_plugins("ImagePolicyWebhook") {
        let policy = plugin.get("imagePolicy").unwrap_or(plugin);
        if let Attr::Known(true, at) = policy.attr_bool("defaultAllow") {
            out.report(images, object, at, "allowed by default");
        }
    }
}

/// What may be exempt, and what an exemption means.
const EXEMPTIONS: [(&str, &str); 3] = [
    ("usernames", "may create any pod"),
    ("runtimeClasses", "can be named by every pod"),
    ("namespaces", "admits every pod"),
];

/// Namespaces of the system may be left out, and nothing else.
fn is_broad(of: &str, name: &str) -> bool {
    !name.is_empty() && (of != "namespaces" || !is_system_namespace(name))
}
