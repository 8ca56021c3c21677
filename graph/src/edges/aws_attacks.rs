//! What principals of AWS can become and reach.

use super::targets::{as_sure_as, cloud_admin};
use crate::cloud::Glob;
use crate::cloud::aws::{
    Arn, Ask, ExposureClass, Grant, IamPrincipal, Principal, Subjects, Target, Trusted, TrustedBy,
};
use crate::{Additions, Edge, EdgeKind, Graph, Node, NodeId, NodeKind, Tri, View};

/// Links administrators with what they control.
pub(super) fn administrators(graph: &Graph<'_>, additions: &mut Additions) {
    for principal in graph.iam_principals() {
        if let Some(grant) = principal.administrator() {
            let admin = cloud_admin(graph, additions);
            add(additions, principal.node(), admin, EdgeKind::AdminPermissions, &grant, None);
        }
    }
}

/// Links principals with the roles they can assume: both the role's trust and the principal's permissions count,
/// except where a role of the same account names the principal itself.
///
/// Source: IAM User Guide, "Policy evaluation logic", "Resource-based policies": a grant to the principal's own ARN
/// in the same account needs no identity policy.
pub(super) fn assumptions(graph: &Graph<'_>, additions: &mut Additions) {
    let principals: Vec<IamPrincipal<'_>> =
        graph.iam_principals().filter(|principal| principal.is_role() || principal.is_user()).collect();
    for role in graph.iam_roles() {
        let Some(trust) = role.trust() else { continue };
        for &principal in &principals {
            if principal.node() == role.node() {
                continue;
            }
            let permissions = principal.permissions();
            let Some(trusted) = trust.trusts_principal(&permissions.caller) else { continue };
            let ask = Ask {
                action: "sts:AssumeRole",
                target: Target::Named(graph.arns_of(role.node())),
                passed_to: None,
            };
            let allowed = permissions.allows(&ask);
            let mut edge = match (allowed, trusted.by) {
                (Some(grant), _) => edge(EdgeKind::AssumeRole, &grant, trusted.truth),
                (None, TrustedBy::Name) => as_sure_as(Edge::new(EdgeKind::AssumeRole), trusted.truth),
                (None, TrustedBy::Account | TrustedBy::Anyone) => None,
            };
            if let Some(edge) = edge.take() {
                let edge = trusting(edge, &trusted, role.address()).action("sts:AssumeRole");
                additions.edge(principal.node(), role.node(), edge);
            }
        }
    }
}

pub(super) fn trusting(mut edge: Edge, trusted: &Trusted, role: &str) -> Edge {
    for text in &trusted.assumes {
        edge = edge.assuming(text);
    }
    edge.because(trusted.origin, role)
}

/// The mark of an edge from a pipeline that the role names: it is a way in only for who takes the pipeline over.
pub(crate) const PIPELINE: &str = "pipeline";

/// Links what lies outside with the roles that trust it: identity providers of pipelines, other accounts, anybody.
pub(super) fn outsiders(graph: &Graph<'_>, additions: &mut Additions) {
    for role in graph.iam_roles() {
        let Some(trust) = role.trust() else { continue };
        for grant in trust.web_identities() {
            // Tokens of pods are linked from their ServiceAccounts.
            let Some((provider, host)) = graph.identity_provider(grant.provider) else { continue };
            if host.contains("oidc.eks") || provider.is_some_and(|node| is_cluster_issuer(graph, node)) {
                continue;
            }
            let address = format!("external:{host}");
            let outside = Node::implicit(NodeKind::External, format!("ext:{host}"), address);
            let outside = additions.node(graph, outside);
            let mut edge = Edge::new(EdgeKind::AssumeRole)
                .action("sts:AssumeRoleWithWebIdentity")
                .because(grant.statement.origin, role.address());
            match &grant.subjects {
                Subjects::Literal(_) => continue,
                Subjects::Patterns(subjects) if !subjects.iter().any(Glob::has_wildcard) => {
                    let names: Vec<String> = subjects.iter().map(Glob::to_string).collect();
                    edge = edge.assuming(format!("the pipeline {} is taken over", names.join(", ")));
                    edge.technique = Some(PIPELINE);
                }
                Subjects::All | Subjects::Patterns(_) => {}
            }
            if let Some(node) = provider
                && let Some(origin) = graph.node(node).locations.first()
            {
                edge = edge.because(*origin, &graph.node(node).address);
            }
            additions.edge(outside, role.node(), edge);
        }
        for statement in trust.allows() {
            for principal in &statement.principals {
                let (id, kind) = match principal {
                    Principal::Anyone => ("*".to_owned(), NodeKind::AnyPrincipal),
                    Principal::Account(account) => match account.as_known() {
                        Some(number) => (number, NodeKind::Account),
                        None => continue,
                    },
                    _ => continue,
                };
                let outside = additions
                    .node(graph, Node::implicit(kind, format!("ext:{id}"), format!("external:{id}")));
                let mut edge = Edge::new(EdgeKind::AssumeRole)
                    .action("sts:AssumeRole")
                    .because(statement.origin, role.address());
                for condition in &statement.conditions {
                    edge = edge
                        .assuming(format!("the condition on {} of the trust policy is met", condition.key));
                }
                if kind == NodeKind::Account {
                    edge = edge.assuming(format!("account {id} is not the account of this configuration"));
                }
                additions.edge(outside, role.node(), edge);
            }
        }
    }
}

fn is_cluster_issuer(graph: &Graph<'_>, provider: NodeId) -> bool {
    graph.followed(provider, EdgeKind::IssuerOf).next().is_some()
}

/// Links principals with the stores whose content they can read.
pub(super) fn data(graph: &Graph<'_>, additions: &mut Additions) {
    let stores = [
        (NodeKind::Bucket, ExposureClass::ObjectsRead),
        (NodeKind::CloudSecret, ExposureClass::Secrets),
        (NodeKind::Database, ExposureClass::Databases),
    ];
    for principal in graph.iam_principals() {
        let permissions = principal.permissions();
        if permissions.policies.is_empty() {
            continue;
        }
        for (kind, class) in stores {
            for (store, _) in graph.nodes_of(kind) {
                let names = inside(graph, store, kind);
                let Some((actions, grant)) = permissions.reads(class, &names) else { continue };
                let Some(mut edge) = edge(EdgeKind::ReadData, &grant, Tri::Yes) else { continue };
                for action in actions {
                    edge = edge.action(action);
                }
                additions.edge(principal.node(), store, edge);
            }
        }
    }
}

/// What reading acts on: the objects of a bucket, the thing itself elsewhere.
fn inside(graph: &Graph<'_>, store: NodeId, kind: NodeKind) -> Vec<Arn> {
    let names = graph.arns_of(store);
    if kind != NodeKind::Bucket {
        return names.to_vec();
    }
    let object = Glob::join([&Glob::exact("/"), &Glob::unknown()]);
    names.iter().map(|name| name.with_suffix(&object)).collect()
}

fn add(
    additions: &mut Additions,
    from: NodeId,
    to: NodeId,
    kind: EdgeKind,
    grant: &Grant,
    technique: Option<&'static str>,
) {
    if let Some(edge) = edge(kind, grant, Tri::Yes) {
        additions.edge(from, to, Edge { technique, ..edge });
    }
}

/// An edge with the reasons of a grant.
pub(super) fn edge(kind: EdgeKind, grant: &Grant, truth: Tri) -> Option<Edge> {
    let mut edge = Edge::new(kind);
    for text in &grant.assumes {
        edge = edge.assuming(text);
    }
    for proof in &grant.because {
        edge = edge.because(proof.origin, &proof.address);
    }
    as_sure_as(edge, grant.truth.and(truth))
}

#[cfg(test)]
mod tests {
    use crate::EdgeKind;
    use crate::fixture::{Scan, edges};

    fn policy(statement: &str) -> String {
        format!("policy: '{{\"Version\":\"2012-10-17\",\"Statement\":[{statement}]}}'")
    }

    fn allow(actions: &str, resource: &str) -> String {
        policy(&format!("{{\"Effect\":\"Allow\",\"Action\":{actions},\"Resource\":\"{resource}\"}}"))
    }

    #[test]
    fn administrators_and_assumed_roles_are_linked() {
        let trust = "assume_role_policy: '{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"AWS\":\"${aws_iam_role.app.arn}\"}}]}'";
        let root = "assume_role_policy: '{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"AWS\":\"arn:aws:iam::${data.aws_caller_identity.me.account_id}:root\"}}]}'";
        let graph = Scan::new()
            .terraform("aws_iam_role", "app", "{name: app}")
            .terraform("aws_iam_role", "other", "{name: other}")
            .terraform("aws_iam_role", "admin", &format!("{{name: admin, {trust}}}"))
            .terraform("aws_iam_role", "ops", &format!("{{name: ops, {root}}}"))
            .terraform("aws_iam_role_policy_attachment", "admin", "{role: '${aws_iam_role.admin.name}', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess'}")
            .terraform("aws_iam_role_policy", "p", &format!("{{role: app, {}}}", allow("\"sts:AssumeRole\"", "${aws_iam_role.ops.arn}")))
            .build();
        assert_eq!(edges(&graph, EdgeKind::AdminPermissions), ["aws_iam_role.admin cloud-admin"]);
        assert_eq!(
            edges(&graph, EdgeKind::AssumeRole),
            [
                "aws_iam_role.admin aws_iam_role.ops",
                "aws_iam_role.app aws_iam_role.admin",
                "aws_iam_role.app aws_iam_role.ops",
            ]
        );
    }

    #[test]
    fn data_is_read_where_the_policy_reaches() {
        let graph = Scan::new()
            .terraform("aws_iam_role", "app", "{name: app}")
            .terraform("aws_s3_bucket", "mine", "{bucket: mine}")
            .terraform("aws_s3_bucket", "other", "{bucket: other}")
            .terraform(
                "aws_iam_role_policy",
                "p",
                &format!("{{role: app, {}}}", allow("\"s3:GetObject\"", "${aws_s3_bucket.mine.arn}/*")),
            )
            .build();
        assert_eq!(edges(&graph, EdgeKind::ReadData), ["aws_iam_role.app aws_s3_bucket.mine"]);
    }
}
