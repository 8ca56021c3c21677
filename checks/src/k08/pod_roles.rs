//! Roles of IAM that pods have, and what they may do.

use iac_graph::EdgeKind;
use iac_graph::cloud::aws::{ExposureClass, IamPrincipal, Scope, Subjects};

use crate::Finding;
use crate::cloud::{list, ways_up};
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// A role that pods assume by their ServiceAccount can do far more than one application needs.
        ///
        /// ## Why it matters
        /// Whoever takes over one pod has the role: an administrator's, one that leads to an administrator, or the data of
        /// every application.
        ///
        /// ## How to fix
        /// Allow the actions that the application calls, on its own resources.
        ///
        /// ## References
        /// - Amazon EKS Best Practices Guide, Identity and Access Management: Pod identities
        id: "irsa-role-over-privileged",
        owasp: K08,
        severity: High,
        title: "the role of a ServiceAccount can do far too much",
        tags: ["terraform", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// A role that pods have through EKS Pod Identity can do far more than one application needs.
        ///
        /// ## Why it matters
        /// Whoever takes over one pod has the role: an administrator's, one that leads to an administrator, or the data of
        /// every application.
        ///
        /// ## How to fix
        /// Allow the actions that the application calls, on its own resources.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Learn how EKS Pod Identity grants pods access to AWS services
        id: "pod-identity-role-over-privileged",
        owasp: K08,
        severity: High,
        title: "a role of Pod Identity can do far too much",
        tags: ["terraform", "external/cwe/cwe-250"],
    },
];

/// Tells whether pods have a role: an association or a ServiceAccount names it, or its trust policy lets them.
pub(super) fn is_for_pods(role: IamPrincipal<'_>) -> bool {
    uses_pod_identity(role) || uses_tokens(role)
}

fn uses_pod_identity(role: IamPrincipal<'_>) -> bool {
    let graph = role.graph();
    graph.followed_back(role.node(), EdgeKind::Associated).next().is_some()
        || role.trust().is_some_and(|trust| trust.trusts_service("pods.eks.amazonaws.com").is_some())
}

fn uses_tokens(role: IamPrincipal<'_>) -> bool {
    let graph = role.graph();
    graph.followed_back(role.node(), EdgeKind::Annotated).next().is_some()
        || role.trust().is_some_and(|trust| {
            trust.web_identities().any(|grant| match graph.signs_for_pods(grant.provider) {
                Tri::Yes => true,
                Tri::No => false,
                Tri::Unknown(_) => match grant.subjects {
                    Subjects::Patterns(patterns) => {
                        patterns.iter().any(|one| one.strip_prefix("system:serviceaccount:").is_some())
                    }
                    Subjects::All | Subjects::Literal(_) => false,
                },
            })
        })
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [tokens, pod_identity] = &RULES;
    for role in scan.graph.iam_roles() {
        let (rule, how) = match (uses_tokens(role), uses_pod_identity(role)) {
            (true, _) => (tokens, "pods have by their ServiceAccount"),
            (false, true) => (pod_identity, "pods have by Pod Identity"),
            (false, false) => continue,
        };
        if let Some(grant) = role.administrator() {
            let finding = out.report(rule, role.node(), grant.place, "this makes it an administrator");
            finding.message(format!(
                "{}, a role that {how}, is an administrator of the account",
                role.address()
            ));
            finding.granted(scan.graph, &grant);
            name_accounts(scan, role, finding);
            if grant.truth.is_yes() {
                continue;
            }
        }
        for way in ways_up(role) {
            let finding = out.report(rule, role.node(), way.place, "allowed here");
            finding.message(format!("{}, a role that {how}, {}", role.address(), way.what));
            way.edges.iter().for_each(|edge| {
                finding.linked(scan.graph, edge);
            });
            name_accounts(scan, role, finding);
        }
        let mut told: Vec<OriginId> = Vec::new();
        for exposed in role.permissions().exposures() {
            let what = match exposed.class {
                ExposureClass::Databases => "reads any database",
                ExposureClass::ImageWrite if exposed.grant.scope == Scope::All => {
                    "can replace images of every repository"
                }
                ExposureClass::ObjectsRead => "reads objects of any bucket",
                ExposureClass::ObjectsWrite => "writes objects of any bucket",
                ExposureClass::Secrets => "reads secrets of any name",
                _ => continue,
            };
            let place = exposed.grant.because.first().map_or(exposed.grant.place, |proof| proof.origin);
            if exposed.grant.scope < Scope::ServiceWide || told.contains(&place) {
                continue;
            }
            told.push(place);
            let finding = out.report(rule, role.node(), exposed.grant.place, "allowed here");
            finding.message(format!(
                "{}, a role that {how}, {what} ({})",
                role.address(),
                list(&exposed.actions)
            ));
            finding.granted(scan.graph, &exposed.grant);
            name_accounts(scan, role, finding);
        }
    }
}

/// Adds the ServiceAccounts that have the role.
fn name_accounts(scan: &Scan<'_>, role: IamPrincipal<'_>, finding: &mut Finding) {
    for link in scan.graph.edges_to(role.node()) {
        if matches!(link.edge.kind, EdgeKind::Annotated | EdgeKind::Associated)
            && let Some(proof) = link.edge.because.first()
        {
            finding.proof(link.from, proof.origin, "the ServiceAccount that has it");
        }
    }
}
