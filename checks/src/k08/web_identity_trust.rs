//! Trust policies that accept tokens of pods: whose, and how many more.

use iac_graph::cloud::Glob;
use iac_graph::cloud::aws::{IamPrincipal, Subjects, WebIdentityGrant};

use crate::cloud::leads_to_admin;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// Every pod of the cluster can assume the role: its trust policy names no ServiceAccount.
        ///
        /// ## Why it matters
        /// The token of any ServiceAccount is signed by the same provider. Without a condition on `sub`, whoever runs a
        /// pod anywhere in the cluster has the role.
        ///
        /// ## How to fix
        /// Compare `<issuer>:sub` by `StringEquals` with `system:serviceaccount:NAMESPACE:NAME`.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Assign IAM roles to Kubernetes service accounts
        id: "irsa-trust-missing-sub",
        owasp: K08,
        severity: Critical,
        title: "every pod of the cluster can assume the role",
        tags: ["terraform", "external/cwe/cwe-863"],
    },
    rule_row! {
        /// The trust policy names ServiceAccounts by a wildcard.
        ///
        /// ## Why it matters
        /// Whoever creates a ServiceAccount that fits, in a namespace that fits, has the role.
        ///
        /// ## How to fix
        /// Name the one ServiceAccount and compare by `StringEquals`; several need several values.
        ///
        /// ## References
        /// - Amazon EKS Best Practices Guide, Scope the IAM role trust policy for IRSA
        id: "irsa-trust-wildcard-sub",
        owasp: K08,
        severity: High,
        title: "pods of many ServiceAccounts can assume the role",
        tags: ["terraform", "external/cwe/cwe-863"],
    },
    rule_row! {
        /// The trust policy compares a wildcard literally, so no pod can assume the role.
        ///
        /// ## Why it matters
        /// `StringEquals` knows no wildcards. Pods fall back to the role of their nodes, or people loosen the policy until
        /// something works.
        ///
        /// ## How to fix
        /// Name the ServiceAccount, or compare by `StringLike` if several are meant.
        ///
        /// ## References
        /// - AWS IAM User Guide, IAM JSON policy elements: Condition operators
        id: "irsa-wildcard-with-string-equals",
        owasp: K08,
        severity: Medium,
        title: "a wildcard is compared literally, so no pod can assume the role",
        tags: ["terraform"],
    },
    rule_row! {
        /// The trust policy accepts tokens for any audience that the provider knows.
        ///
        /// ## Why it matters
        /// A token that was made for another service, and that the service holds, is as good as one made for AWS. IAM
        /// compares audiences with the `client_id_list` of the provider, which limits this to what is listed there.
        ///
        /// ## How to fix
        /// Compare `<issuer>:aud` by `StringEquals` with `sts.amazonaws.com`.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Assign IAM roles to Kubernetes service accounts
        id: "irsa-trust-missing-aud",
        owasp: K08,
        severity: Low,
        persona: Pedantic,
        title: "tokens for other audiences are accepted",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [missing, wildcard, literal, audience] = &RULES;
    for role in scan.graph.iam_roles() {
        let Some(trust) = role.trust() else { continue };
        for grant in trust.web_identities().filter(|grant| is_for_pods(scan, grant)) {
            let statement = grant.statement;
            match &grant.subjects {
                Subjects::All => {
                    let at = grant.subject_condition.map_or(statement.origin, |condition| condition.origin);
                    let finding = out.report(missing, role.node(), at, "no condition on sub holds here");
                    finding
                        .message(format!("{}: every pod of the cluster can assume the role", role.address()));
                    raise(scan, role, finding);
                }
                Subjects::Literal(_) => {
                    let at = place(&grant, |_| true).unwrap_or(statement.origin);
                    out.report(literal, role.node(), at, "StringEquals knows no wildcards");
                }
                Subjects::Patterns(patterns) => {
                    for (index, pattern) in
                        patterns.iter().enumerate().filter(|(_, pattern)| pattern.has_wildcard())
                    {
                        let at = place(&grant, |at| at == index).unwrap_or(statement.origin);
                        let finding = out.report(wildcard, role.node(), at, "a wildcard");
                        finding.message(format!(
                            "{}: {} can assume the role",
                            role.address(),
                            reach(scan, pattern)
                        ));
                        raise(scan, role, finding);
                    }
                }
            }
            let several = !matches!(grant.subjects, Subjects::All);
            if grant.audiences.is_none() && several {
                out.report(audience, role.node(), statement.origin, "no condition on aud");
            }
        }
    }
}

/// Tells whether a statement is meant for pods. Where the provider is not known, the subjects tell, or its name.
fn is_for_pods(scan: &Scan<'_>, grant: &WebIdentityGrant<'_>) -> bool {
    match scan.graph.signs_for_pods(grant.provider) {
        Tri::Yes => true,
        Tri::No => false,
        Tri::Unknown(_) => match &grant.subjects {
            Subjects::All => grant.provider.as_symbol().is_some_and(|symbol| {
                scan.store.symbols.get(symbol).address.to_ascii_lowercase().contains("eks")
            }),
            Subjects::Literal(patterns) | Subjects::Patterns(patterns) => {
                patterns.iter().any(|pattern| pattern.strip_prefix("system:serviceaccount:").is_some())
            }
        },
    }
}

/// Where the value of the condition on the subject stands.
fn place(grant: &WebIdentityGrant<'_>, wanted: impl Fn(usize) -> bool) -> Option<OriginId> {
    let places = &grant.subject_condition?.places;
    places.iter().enumerate().find(|(index, _)| wanted(*index)).map(|(_, place)| *place)
}

/// Whom a pattern of subjects takes in, in words.
fn reach(scan: &Scan<'_>, pattern: &Glob) -> String {
    let fitting = scan
        .graph
        .service_accounts()
        .filter(|account| {
            let subject = format!("system:serviceaccount:{}:{}", account.namespace(), account.name());
            pattern.matches(&Glob::exact(&subject)).is_yes()
        })
        .count();
    let parts = pattern.split(b':', 4);
    let whom = match parts.as_slice() {
        [_, _, namespace, name] if !namespace.has_wildcard() && name.is_everything() => {
            format!("every ServiceAccount of namespace {namespace}")
        }
        [_, _, namespace, name] if namespace.is_everything() && !name.has_wildcard() => {
            format!("ServiceAccount {name} of any namespace")
        }
        [_, _, namespace, name] if !namespace.has_wildcard() => {
            format!("every ServiceAccount {name} of namespace {namespace}")
        }
        _ => format!("every ServiceAccount that fits {pattern}"),
    };
    match fitting {
        0 => whom,
        1 => format!("{whom} (one in this repository)"),
        count => format!("{whom} ({count} in this repository)"),
    }
}

fn raise(scan: &Scan<'_>, role: IamPrincipal<'_>, finding: &mut crate::Finding) {
    if leads_to_admin(scan.graph, role.node()) {
        finding.priority = finding.priority.saturating_add(20).min(100);
    }
}
