//! What the audit policy logs, asked by requests that an intruder would make.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 6] = [
    rule_row! {
        /// A rule drops requests that an investigation needs; rules behind it are not reached.
        ///
        /// ## Why it matters
        /// The first rule that matches decides. What somebody read or changed by such requests leaves no trace.
        ///
        /// ## How to fix
        /// Limit the rule to the users and verbs that make the noise, or move it behind the rules that log.
        ///
        /// ## References
        /// - Kubernetes, Auditing: Audit policy
        /// - CIS Kubernetes Benchmark 1.12, 3.2.2
        id: "audit-policy-blind-rule",
        owasp: K10,
        severity: High,
        title: "requests that matter are not logged",
        tags: ["cis-3.2.2", "external/cwe/cwe-778"],
    },
    rule_row! {
        /// A rule drops what administrators or all users do.
        ///
        /// ## Why it matters
        /// These are the identities that an intruder wants; with the exemption nobody sees what was done with them.
        ///
        /// ## How to fix
        /// Remove the exemption. Exempt single components of the control plane, and reading verbs only.
        ///
        /// ## References
        /// - Kubernetes, Auditing: Audit policy
        id: "audit-policy-user-exempt",
        owasp: K10,
        severity: High,
        title: "what powerful users do is not logged",
        tags: ["external/cwe/cwe-778"],
    },
    rule_row! {
        /// The policy writes the content of Secrets or tokens into the log.
        ///
        /// ## Why it matters
        /// Whoever reads the log, and every system it is shipped to, has the credentials.
        ///
        /// ## How to fix
        /// Log Secrets, tokens and token reviews with level `Metadata`, before the rule with bodies.
        ///
        /// ## References
        /// - Kubernetes, Auditing: Audit policy
        /// - CIS Kubernetes Benchmark 1.12, 3.2.2
        id: "audit-policy-secret-bodies",
        owasp: K10,
        also: [K03],
        severity: High,
        title: "credentials are written into the log",
        tags: ["cis-3.2.2", "external/cwe/cwe-532"],
    },
    rule_row! {
        /// No rule is about some requests that an investigation needs.
        ///
        /// ## Why it matters
        /// What no rule matches is not logged.
        ///
        /// ## How to fix
        /// End the policy with a rule that says only `level: Metadata`.
        ///
        /// ## References
        /// - Kubernetes, Auditing: Audit policy
        /// - CIS Kubernetes Benchmark 1.12, 3.2.2
        id: "audit-policy-coverage-gap",
        owasp: K10,
        severity: Medium,
        title: "no rule logs some requests that matter",
        tags: ["cis-3.2.2", "external/cwe/cwe-778"],
    },
    rule_row! {
        /// The end of requests is not logged.
        ///
        /// ## Why it matters
        /// Only the stage ResponseComplete says whether a request was allowed and what came of it.
        ///
        /// ## How to fix
        /// Omit `RequestReceived` only.
        ///
        /// ## References
        /// - Kubernetes, Auditing: stages
        id: "audit-policy-stages-omitted",
        owasp: K10,
        severity: Medium,
        title: "the end of requests is not logged",
        tags: ["external/cwe/cwe-778"],
    },
    rule_row! {
        /// The log does not say what was changed in roles and bindings.
        ///
        /// ## Why it matters
        /// That somebody changed a role is known, but not which permission they added.
        ///
        /// ## How to fix
        /// Log changes of `rbac.authorization.k8s.io` with level `Request` or `RequestResponse`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 3.2.2
        id: "audit-policy-change-detail-low",
        owasp: K10,
        severity: Low,
        title: "changes of roles are logged without their content",
        tags: ["cis-3.2.2"],
    },
];

/// Requests that an investigation needs: verb, API group, resource, how people say it.
const PROBES: &[(&str, &str, &str, &str)] = &[
    ("get", "", "secrets", "reading Secrets"),
    ("list", "", "secrets", "listing Secrets"),
    ("create", "", "secrets", "writing Secrets"),
    ("create", "", "serviceaccounts/token", "making tokens"),
    ("create", "", "pods", "creating pods"),
    ("create", "", "pods/exec", "running commands in pods"),
    ("create", "", "pods/attach", "attaching to pods"),
    ("create", "", "pods/portforward", "forwarding ports"),
    ("patch", "", "pods/ephemeralcontainers", "adding containers to pods"),
    ("get", "", "pods/proxy", "reaching pods through the proxy"),
    ("get", "", "services/proxy", "reaching Services through the proxy"),
    ("get", "", "nodes/proxy", "reaching kubelets through the proxy"),
    ("patch", "", "namespaces", "changing namespaces"),
    ("create", RBAC, "clusterrolebindings", "binding roles"),
    ("update", RBAC, "clusterroles", "changing roles"),
    ("create", "certificates.k8s.io", "certificatesigningrequests", "asking for certificates"),
    ("update", "certificates.k8s.io", "certificatesigningrequests/approval", "approving certificates"),
    ("create", ADMISSION, "mutatingwebhookconfigurations", "changing webhooks"),
    ("delete", ADMISSION, "validatingwebhookconfigurations", "deleting webhooks"),
];

const RBAC: &str = "rbac.authorization.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";

/// Resources without a namespace among the probes.
const CLUSTER: [&str; 9] = [
    "certificatesigningrequests",
    "certificatesigningrequests/approval",
    "clusterrolebindings",
    "clusterroles",
    "mutatingwebhookconfigurations",
    "namespaces",
    "nodes/proxy",
    "tokenreviews",
    "validatingwebhookconfigurations",
];

/// What bodies must not be logged of: verb, API group, resource, from which level on the body holds a credential.
const CREDENTIALS: &[(&str, &str, &str, AuditLevel)] = &[
    ("create", "", "secrets", AuditLevel::Request),
    ("update", "", "secrets", AuditLevel::Request),
    ("get", "", "secrets", AuditLevel::RequestResponse),
    ("create", "", "serviceaccounts/token", AuditLevel::RequestResponse),
    ("create", "authentication.k8s.io", "tokenreviews", AuditLevel::Request),
];

/// Who makes the requests: somebody without a special role, a pod, an administrator.
const USERS: &[(&str, &[&str])] = &[
    ("jane@example.com", &["system:authenticated"]),
    (
        "system:serviceaccount:shop:web",
        &["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"],
    ),
    ("kubernetes-admin", &["system:masters", "system:authenticated"]),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for policy in scan.graph.audit_policies() {
        dropped(policy, out);
        bodies(policy, out);
        stages(policy, out);
        changes(policy, out);
    }
}

/// The rules that drop probes, in order, each with what it drops; and what no rule is about.
fn dropped(policy: AuditPolicy<'_>, out: &mut Findings<'_>) {
    let [blind, exempt, _, gap, ..] = &RULES;
    let mut drops: Vec<(AuditRule<'_>, Vec<&str>)> = Vec::new();
    let mut missed: Vec<&str> = Vec::new();
    for &(verb, group, resource, name) in PROBES {
        for &(user, groups) in USERS {
            let namespace = if CLUSTER.contains(&resource) { "" } else { "shop" };
            let request = AuditedRequest { user, groups, verb, group, resource, namespace };
            match policy.decide(&request) {
                AuditDecision::NoRule if !missed.contains(&name) => missed.push(name),
                AuditDecision::Rule(rule) if rule.level() == Some(AuditLevel::None) => {
                    match drops.iter_mut().find(|(known, _)| known.origin() == rule.origin()) {
                        Some((_, names)) if !names.contains(&name) => names.push(name),
                        Some(_) => {}
                        None => drops.push((rule, vec![name])),
                    }
                }
                AuditDecision::NoRule | AuditDecision::Rule(_) | AuditDecision::Unknown => {}
            }
        }
    }
    for (rule, names) in drops {
        let by_user = !rule.users().is_empty() || !rule.user_groups().is_empty();
        let kind = if by_user { exempt } else { blind };
        let finding = out.report(kind, policy, rule.level_origin(), "drops them");
        finding.message(format!("{} does not log {}", policy.address(), listed(&names)));
    }
    if !missed.is_empty() {
        let at = policy.rules_attr().origin();
        let finding = out.report(gap, policy, at, "no rule matches");
        finding.message(format!("{} has no rule that logs {}", policy.address(), listed(&missed)));
    }
}

fn bodies(policy: AuditPolicy<'_>, out: &mut Findings<'_>) {
    let [_, _, secret_bodies, ..] = &RULES;
    let (user, groups) = USERS[0];
    let mut found: Vec<(AuditRule<'_>, Vec<&str>)> = Vec::new();
    for &(verb, group, resource, from) in CREDENTIALS {
        let namespace = if CLUSTER.contains(&resource) { "" } else { "shop" };
        let request = AuditedRequest { user, groups, verb, group, resource, namespace };
        let AuditDecision::Rule(rule) = policy.decide(&request) else { continue };
        if rule.level().is_none_or(|level| level < from) {
            continue;
        }
        match found.iter_mut().find(|(known, _)| known.origin() == rule.origin()) {
            Some((_, names)) if !names.contains(&resource) => names.push(resource),
            Some(_) => {}
            None => found.push((rule, vec![resource])),
        }
    }
    for (rule, names) in found {
        let finding = out.report(secret_bodies, policy, rule.level_origin(), "bodies are logged");
        finding.message(format!("{} logs the content of {}", policy.address(), listed(&names)));
    }
}

fn stages(policy: AuditPolicy<'_>, out: &mut Findings<'_>) {
    let [_, _, _, _, omitted, _] = &RULES;
    let lists = std::iter::once(policy.omitted_stages()).chain(policy.rules().map(AuditRule::omitted_stages));
    for list in lists {
        if let Some(at) = list.find(|stage| stage == "ResponseComplete") {
            out.report(omitted, policy, at, "the end is left out");
        }
    }
}

fn changes(policy: AuditPolicy<'_>, out: &mut Findings<'_>) {
    let [.., detail] = &RULES;
    let (user, groups) = USERS[0];
    let request =
        AuditedRequest { user, groups, verb: "update", group: RBAC, resource: "clusterroles", namespace: "" };
    if let AuditDecision::Rule(rule) = policy.decide(&request)
        && rule.level() == Some(AuditLevel::Metadata)
    {
        out.report(detail, policy, rule.level_origin(), "who and what, but not how");
    }
}

fn listed(names: &[&str]) -> String {
    match names {
        [first, second, third, _, rest @ ..] => {
            format!("{first}, {second}, {third} and {} more", rest.len() + 1)
        }
        names => names.join(", "),
    }
}
