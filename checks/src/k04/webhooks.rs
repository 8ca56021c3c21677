//! Admission webhooks: what passes them by, and what they get to see.

use iac_graph::kubernetes::{Webhook, WebhookConfiguration};

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 5] = [
    rule_row! {
        /// The webhook of a policy engine is skipped when it does not answer.
        ///
        /// ## Why it matters
        /// Whoever can stop or slow the engine's pods switches all its policies off.
        ///
        /// ## How to fix
        /// Set `failurePolicy: Fail`, and exclude the engine's own namespace.
        ///
        /// ## References
        /// - Kubernetes, Dynamic Admission Control: Failure policy
        id: "webhook-fails-open",
        owasp: K04,
        severity: Medium,
        title: "requests pass when the policy webhook is down",
        tags: ["external/cwe/cwe-636"],
    },
    rule_row! {
        /// A label takes objects out of the sight of a policy webhook.
        ///
        /// ## Why it matters
        /// Whoever may set the label on an object or a namespace is not judged. Only `kubernetes.io/metadata.name` cannot
        /// be chosen.
        ///
        /// ## How to fix
        /// Exclude namespaces by `kubernetes.io/metadata.name`.
        ///
        /// ## References
        /// - Kubernetes, Dynamic Admission Control: Matching requests
        id: "webhook-bypass-selector",
        owasp: K04,
        severity: Medium,
        title: "a label takes objects out of the policy webhook's sight",
        tags: ["external/cwe/cwe-693"],
    },
    rule_row! {
        /// A webhook is sent the values of Secrets.
        ///
        /// ## Why it matters
        /// Whoever runs or breaks into its backend, or reads its log, has them; one that changes objects can replace them
        /// too.
        ///
        /// ## How to fix
        /// Name the resources that the webhook is for in `rules`, without `secrets`.
        ///
        /// ## References
        /// - Kubernetes, Dynamic Admission Control: Matching requests: rules
        id: "webhook-sees-secrets",
        owasp: K04,
        also: [K03],
        severity: Medium,
        title: "the webhook is sent the values of Secrets",
        tags: ["external/cwe/cwe-200"],
    },
    rule_row! {
        /// A webhook is outside of the cluster.
        ///
        /// ## Why it matters
        /// Every object it is called for, Secrets in it too, leaves the cluster, and its operator decides what is admitted.
        ///
        /// ## How to fix
        /// Run it in the cluster and name its Service in `clientConfig.service`.
        ///
        /// ## References
        /// - Kubernetes, Dynamic Admission Control: Contacting the webhook
        id: "webhook-external-endpoint",
        owasp: K04,
        severity: Medium,
        title: "the webhook is outside of the cluster",
        tags: ["external/cwe/cwe-668"],
    },
    rule_row! {
        /// A webhook must answer before its own pods can start.
        ///
        /// ## Why it matters
        /// When all of them are gone none comes back, and nothing else can be changed either. People then delete the whole
        /// configuration.
        ///
        /// ## How to fix
        /// Exclude the webhook's own namespace by `kubernetes.io/metadata.name`.
        ///
        /// ## References
        /// - Kubernetes, Admission Webhook Good Practices
        id: "webhook-self-deadlock",
        owasp: K04,
        severity: Low,
        persona: Pedantic,
        title: "the webhook must answer before its own pods can start",
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [fails_open, bypass, secrets, external, deadlock] = &RULES;
    for configuration in scan.graph.webhook_configurations() {
        let guards_labels = configuration.webhooks().any(|webhook| webhook.covers("", "namespaces").is_yes());
        for webhook in configuration.webhooks() {
            let judges = is_of_engine(configuration, webhook) && sees_workloads(webhook);
            let policy = configuration.failure_policy(webhook);
            if judges && !configuration.is_mutating() {
                match policy {
                    Attr::Known("Ignore", at) => {
                        out.report(fails_open, configuration.object(), at, "failures are ignored");
                    }
                    Attr::Absent(_) if configuration.ignores_failures() => {
                        let at = webhook.value().origin;
                        out.report(fails_open, configuration.object(), at, "`v1beta1` ignores failures");
                    }
                    Attr::Known(..) | Attr::Absent(_) | Attr::Unknown(..) => {}
                }
                for (key, at) in webhook.opt_outs() {
                    // Gatekeeper has a webhook of its own that says who may set its label.
                    if !(key == "admission.gatekeeper.sh/ignore" && guards_labels) {
                        out.report(bypass, configuration.object(), at, format!("{key} takes objects out"));
                    }
                }
                for (text, at) in webhook.match_conditions() {
                    if ["system:authenticated", "system:serviceaccounts'", "system:serviceaccounts\""]
                        .iter()
                        .any(|group| text.contains(group))
                    {
                        out.report(bypass, configuration.object(), at, "leaves out a broad group");
                    }
                }
            }
            if let Some(at) = secrets_seen(configuration, webhook) {
                let weight = if configuration.is_mutating() { 0 } else { -15 };
                out.report(secrets, configuration.object(), at, "covers Secrets").weigh(weight);
            }
            if let Attr::Known(url, at) = webhook.url()
                && is_outside(url)
            {
                out.report(external, configuration.object(), at, "not a Service of the cluster");
            }
            let blocks = match policy {
                Attr::Known(policy, _) => policy == "Fail",
                Attr::Absent(_) => !configuration.ignores_failures(),
                Attr::Unknown(..) => false,
            };
            if blocks
                && webhook.covers("", "pods").is_yes()
                && webhook.object_selector().is_empty()
                && let Some((Attr::Known(namespace, _), _)) = webhook.service()
                && webhook.is_called_in(scan.graph, namespace).is_yes()
            {
                out.report(
                    deadlock,
                    configuration.object(),
                    webhook.value().origin,
                    "called for its own pods",
                );
            }
        }
    }
}

/// Words in the names of webhook configurations and their Services that judge.
const JUDGES: [&str; 8] =
    ["gatekeeper", "jspolicy", "kyverno", "kubewarden", "opa", "polaris", "policy", "security"];

fn is_of_engine(configuration: WebhookConfiguration<'_>, webhook: Webhook<'_>) -> bool {
    let judges = |name: &str| JUDGES.iter().any(|word| name.split(['-', '.']).any(|part| part == *word));
    let service = webhook.service().and_then(|(_, name)| name.known());
    judges(configuration.name()) || service.is_some_and(judges)
}

fn sees_workloads(webhook: Webhook<'_>) -> bool {
    let watched = [
        ("", "pods"),
        ("apps", "deployments"),
        ("apps", "daemonsets"),
        ("rbac.authorization.k8s.io", "clusterroles"),
        ("rbac.authorization.k8s.io", "clusterrolebindings"),
    ];
    watched.iter().any(|(group, resource)| webhook.covers(group, resource).is_yes())
}

/// The rule by which a webhook sees Secrets or tokens. Policy engines are for all resources.
fn secrets_seen(configuration: WebhookConfiguration<'_>, webhook: Webhook<'_>) -> Option<OriginId> {
    let engine = is_of_engine(configuration, webhook);
    webhook.rules().find_map(|rule| {
        let covered = [("", "secrets"), ("", "serviceaccounts/token")]
            .iter()
            .any(|(group, resource)| rule.covers(group, resource).is_yes());
        let named =
            rule.resources().find(|name| name.starts_with("secrets") || name == "serviceaccounts/token");
        let whole = rule.resources().find(|name| name.starts_with('*')).filter(|_| !engine);
        named.or(whole).filter(|_| covered)
    })
}

/// Tells whether a URL leads out of the cluster, or goes unencrypted.
fn is_outside(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let inside = host.split('.').any(|part| part == "svc")
        || host.ends_with(".cluster.local")
        || host == "localhost"
        || !host.contains('.')
        || AddressRange::parse(host).is_some_and(|address| address.is_private() || host.starts_with("127."));
    scheme == "http" || !inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_outside_are_known() {
        for (url, outside) in [
            ("https://policy.example.com/validate", true),
            ("http://policy.shop.svc/validate", true),
            ("https://policy.shop.svc:8443/validate", false),
            ("https://127.0.0.1:9443/x", false),
            ("https://10.2.3.4/x", false),
            ("https://203.0.113.4/x", true),
        ] {
            assert_eq!(is_outside(url), outside, "{url}");
        }
    }
}
