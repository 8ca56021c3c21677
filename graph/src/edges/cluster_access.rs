//! Principals of a cloud inside of clusters: access entries, `aws-auth`.

use super::targets::{as_sure_as, cluster_admin};
use crate::cloud::aws::AccessPolicyAssociation;
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
    for association in graph.access_policy_associations() {
        let resource = association.terraform();
        let edge = Edge::new(EdgeKind::ClusterAccess)
            .because(resource.header(), association.address())
            .because(association.policy_at(), association.address());
        let (Some(policy), Some(edge)) = (association.policy(), as_sure_as(edge, resource.exists())) else {
            continue;
        };
        let everywhere = association.is_for_cluster().is_yes();
        for node in association.principals() {
            match (policy.as_str(), everywhere) {
                ("AmazonEKSClusterAdminPolicy", true) => {
                    let admin = cluster_admin(graph, additions);
                    additions.edge(node, admin, edge.clone());
                }
                // These are the built-in roles of the same name, for everything or for namespaces.
                ("AmazonEKSAdminPolicy" | "AmazonEKSEditPolicy" | "AmazonEKSClusterAdminPolicy", _) => {
                    namespaces(graph, additions, association, node, &edge);
                }
                _ => {}
            }
        }
    }
}

/// Edit and admin read the Secrets and run as the ServiceAccounts of their namespaces.
fn namespaces(
    graph: &Graph<'_>,
    additions: &mut Additions,
    association: AccessPolicyAssociation<'_>,
    principal: NodeId,
    edge: &Edge,
) {
    let listed = association.namespaces();
    for account in graph.service_accounts() {
        if association.is_for_cluster().is_yes() || listed.contains(account.namespace()).is_yes() {
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
