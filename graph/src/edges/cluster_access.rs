//! Principals of a cloud inside of clusters: access entries, `aws-auth`.

use iac_model::{Attr, Value};

use super::targets::{as_sure_as, cluster_admin};
use crate::cloud::names::Family;
use crate::cloud::{TerraformResource, terraform};
use crate::{Additions, Edge, EdgeKind, Graph, NodeId, NodeKind, View};

/// Links principals with the subjects that a cluster takes them for.
pub(super) fn subjects(graph: &Graph<'_>, additions: &mut Additions) {
    for link in graph.edges() {
        let mapped = matches!(link.edge.kind, EdgeKind::AccessEntry | EdgeKind::AwsAuth);
        if mapped && graph.node(link.to).kind == NodeKind::Subject {
            additions.edge(link.from, link.to, Edge { kind: EdgeKind::ClusterAccess, ..link.edge.clone() });
        }
    }
}

/// Links principals with what access policies give them.
///
/// Source: Amazon EKS User Guide, "Review access policy permissions".
pub(super) fn access_policies(graph: &Graph<'_>, additions: &mut Additions) {
    for association in graph.terraform("aws_eks_access_policy_association") {
        let Some(principal) = association.body().get("principal_arn") else { continue };
        let Some(policy) = association.body().get("policy_arn") else { continue };
        let name = terraform::key(graph, policy).unwrap_or_default();
        let name = name.rsplit('/').next().unwrap_or_default();
        let scope = association.within(&["access_scope", "type"]).and(Value::as_str);
        let everywhere = match scope {
            Attr::Known(scope, _) => scope == "cluster",
            Attr::Absent(_) => true,
            Attr::Unknown(..) => false,
        };
        let edge = Edge::new(EdgeKind::ClusterAccess)
            .because(association.header(), association.address())
            .because(policy.origin, association.address());
        let Some(edge) = as_sure_as(edge, association.exists()) else { continue };
        for node in principals(graph, principal, association) {
            match (name, everywhere) {
                ("AmazonEKSClusterAdminPolicy", true) => {
                    let admin = cluster_admin(graph, additions);
                    additions.edge(node, admin, edge.clone());
                }
                // These are the built-in roles of the same name, for everything or for namespaces.
                ("AmazonEKSAdminPolicy" | "AmazonEKSEditPolicy" | "AmazonEKSClusterAdminPolicy", _) => {
                    namespaces(graph, additions, association, node, &edge, everywhere);
                }
                _ => {}
            }
        }
    }
}

fn principals(graph: &Graph<'_>, arn: &Value, association: TerraformResource<'_>) -> Vec<NodeId> {
    let mut found = graph.referred(Family::IamRole, arn, association.node());
    if found.is_empty() {
        found = graph.referred(Family::IamUser, arn, association.node());
    }
    found
}

/// Edit and admin read the Secrets and run as the ServiceAccounts of their namespaces.
fn namespaces(
    graph: &Graph<'_>,
    additions: &mut Additions,
    association: TerraformResource<'_>,
    principal: NodeId,
    edge: &Edge,
    everywhere: bool,
) {
    let listed = association.within(&["access_scope", "namespaces"]).known();
    let listed: Vec<&str> =
        listed.map_or(&[][..], terraform::elements).iter().filter_map(Value::as_str).collect();
    for account in graph.service_accounts() {
        if everywhere || listed.contains(&account.namespace()) {
            additions.edge(principal, account.node(), edge.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::EdgeKind;
    use crate::fixture::{Scan, edges};

    #[test]
    fn entries_and_aws_auth_make_subjects_and_administrators() {
        let graph = Scan::new()
            .manifest(
                "auth.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth, namespace: kube-system}\ndata:\n  mapRoles: |\n    - rolearn: arn:aws:iam::1:role/viewer\n      username: oncall\n      groups: [system:masters]\n",
            )
            .terraform("aws_eks_cluster", "c", "{name: prod}")
            .terraform("aws_iam_role", "viewer", "{name: viewer}")
            .terraform("aws_iam_role", "ci", "{name: ci}")
            .terraform("aws_iam_role", "dev", "{name: dev}")
            .terraform("aws_eks_access_entry", "dev", "{cluster_name: prod, principal_arn: '${aws_iam_role.dev.arn}', kubernetes_groups: [devs]}")
            .terraform(
                "aws_eks_access_policy_association",
                "ci",
                "{cluster_name: prod, principal_arn: '${aws_iam_role.ci.arn}', policy_arn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy', access_scope: [{type: cluster}]}",
            )
            .terraform(
                "aws_eks_access_policy_association",
                "dev",
                "{cluster_name: prod, principal_arn: '${aws_iam_role.dev.arn}', policy_arn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy', access_scope: [{type: cluster}]}",
            )
            .build();
        assert_eq!(
            edges(&graph, EdgeKind::ClusterAccess),
            [
                "aws_iam_role.ci cluster-admin",
                "aws_iam_role.dev Group/devs",
                "aws_iam_role.viewer Group/system:masters",
                "aws_iam_role.viewer User/oncall",
            ]
        );
    }
}
