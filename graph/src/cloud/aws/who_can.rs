//! Who may do something in AWS.

use super::{ActsOn, Ask, Grant, IamPrincipal, Scope, Target, acts_on};
use crate::{EdgeKind, Graph, NodeId, View};

/// A principal that may do what was asked for.
#[derive(Clone, Debug)]
pub struct Grantee {
    /// The role or user.
    pub principal: NodeId,
    /// Why.
    pub grant: Grant,
    /// The workloads that have its credentials.
    pub workloads: Vec<NodeId>,
}

impl Graph<'_> {
    /// The roles and users that may do an action, on a node or on anything: `s3:GetObject`. Groups are not among them,
    /// since their users are.
    pub fn who_can_do(&self, action: &str, on: Option<NodeId>) -> Vec<Grantee> {
        let mut found: Vec<Grantee> = self
            .iam_principals()
            .filter(|principal| principal.is_role() || principal.is_user())
            .filter_map(|principal| {
                let grant = self.grant_of(principal, action, on)?;
                Some(Grantee {
                    principal: principal.node(),
                    grant,
                    workloads: self.holders_of(principal.node()),
                })
            })
            .collect();
        found.sort_by_cached_key(|one| self.node(one.principal).address.clone());
        found
    }

    fn grant_of(&self, principal: IamPrincipal<'_>, action: &str, on: Option<NodeId>) -> Option<Grant> {
        let permissions = principal.permissions();
        let Some(on) = on else {
            return permissions.allows(&Ask { action, target: Target::Any, passed_to: None });
        };
        let mut names = self.arns_of(on).to_vec();
        // Objects lie in their bucket, so either name will do.
        let inside =
            crate::cloud::Glob::join([&crate::cloud::Glob::exact("/"), &crate::cloud::Glob::unknown()]);
        if self.node(on).kind == crate::NodeKind::Bucket {
            names.extend(self.arns_of(on).iter().map(|name| name.with_suffix(&inside)));
        }
        if names.is_empty() && acts_on(action) == ActsOn::Service {
            // Nothing is known of its name: only a grant on everything covers it.
            return permissions
                .allows(&Ask { action, target: Target::Any, passed_to: None })
                .filter(|grant| grant.scope == Scope::All);
        }
        permissions.allows(&Ask { action, target: Target::Named(&names), passed_to: None })
    }

    /// The workloads that have the credentials of a cloud identity: through the metadata service of their nodes, or
    /// through their ServiceAccount.
    pub fn holders_of(&self, identity: NodeId) -> Vec<NodeId> {
        let mut found = Vec::new();
        for link in self.edges_to(identity) {
            match link.edge.kind {
                EdgeKind::Imds | EdgeKind::Kube2iam => found.push(link.from),
                EdgeKind::AzureWorkloadIdentity
                | EdgeKind::GkeWorkloadIdentity
                | EdgeKind::Irsa
                | EdgeKind::PodIdentity
                    if link.edge.technique != Some(crate::edges::identities::NEW_POD) =>
                {
                    found.extend(self.followed_back(link.from, EdgeKind::RunsAs));
                }
                _ => {}
            }
        }
        found.sort_by_cached_key(|node| self.node(*node).address.clone());
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::Scan;

    #[test]
    fn those_who_may_are_listed_with_their_workloads() {
        let policy =
            |statement: &str| format!("policy: '{{\"Version\":\"2012-10-17\",\"Statement\":[{statement}]}}'");
        let read =
            policy("{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"arn:aws:s3:::logs/*\"}");
        let graph = Scan::new()
            .terraform("aws_s3_bucket", "logs", "{bucket: logs}")
            .terraform("aws_s3_bucket", "other", "{bucket: other}")
            .terraform("aws_iam_role", "app", "{name: app}")
            .terraform("aws_iam_role", "idle", "{name: idle}")
            .terraform("aws_iam_role_policy", "p", &format!("{{role: app, {read}}}"))
            .build();
        let node = |address: &str| graph.find_address(address).first().copied();
        let who = |action: &str, on: &str| -> Vec<&str> {
            graph
                .who_can_do(action, node(on))
                .iter()
                .map(|one| graph.node(one.principal).address.as_str())
                .collect()
        };
        assert_eq!(who("s3:GetObject", "aws_s3_bucket.logs"), ["aws_iam_role.app"]);
        assert_eq!(who("s3:PutObject", "aws_s3_bucket.logs"), Vec::<&str>::new());
        assert_eq!(who("s3:GetObject", "aws_s3_bucket.other"), Vec::<&str>::new());
        assert_eq!(graph.who_can_do("s3:GetObject", None).len(), 1);
    }
}
