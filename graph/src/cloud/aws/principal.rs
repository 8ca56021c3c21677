//! Roles, users and groups of IAM.

use super::{Grant, Permissions, Policy};
use crate::cloud::TerraformResource;
use crate::{EdgeKind, Graph, NodeId, NodeKind, View};

/// A role, user or group; one that only attachments name is outside of the input.
#[derive(Clone, Copy, Debug)]
pub struct IamPrincipal<'g> {
    graph: &'g Graph<'g>,
    node: NodeId,
}

impl<'g> Graph<'g> {
    /// All roles, users and groups.
    pub fn iam_principals<'s>(&'s self) -> impl Iterator<Item = IamPrincipal<'s>> + use<'s, 'g> {
        self.nodes().filter_map(|(node, _)| IamPrincipal::of(self, node))
    }

    /// All roles.
    pub fn iam_roles<'s>(&'s self) -> impl Iterator<Item = IamPrincipal<'s>> + use<'s, 'g> {
        self.iam_principals().filter(|principal| principal.is_role())
    }

    /// The text of a policy resource or data source, or of a policy that AWS manages.
    pub fn policy_of(&self, node: NodeId) -> Option<std::sync::Arc<Policy>> {
        super::attachments::policy_of(self, node)
    }
}

impl<'g> View<'g> for IamPrincipal<'g> {
    fn graph(self) -> &'g Graph<'g> {
        self.graph
    }

    fn node(self) -> NodeId {
        self.node
    }
}

impl<'g> IamPrincipal<'g> {
    /// The principal of a node.
    pub fn of(graph: &'g Graph<'_>, node: NodeId) -> Option<Self> {
        let kind = graph.node(node).kind;
        let fits = matches!(kind, NodeKind::IamGroup | NodeKind::IamRole | NodeKind::IamUser);
        fits.then_some(Self { graph, node })
    }

    /// Its resource or data source; `None` if only attachments name it.
    pub fn terraform(self) -> Option<TerraformResource<'g>> {
        TerraformResource::of(self.graph, self.node)
    }

    /// Tells whether it is a role.
    pub fn is_role(self) -> bool {
        self.data().kind == NodeKind::IamRole
    }

    /// Tells whether it is a user.
    pub fn is_user(self) -> bool {
        self.data().kind == NodeKind::IamUser
    }

    /// What it may do.
    pub fn permissions(self) -> &'g Permissions {
        match self.graph.cloud.permissions(self.graph).get(&self.node) {
            Some(permissions) => permissions,
            None => self.graph.cloud.no_permissions(),
        }
    }

    /// Who may assume it; `None` for users and groups, and where the input does not hold the role.
    pub fn trust(self) -> Option<&'g Policy> {
        self.graph.cloud.trusts(self.graph).get(&self.node).map(std::convert::AsRef::as_ref)
    }

    /// Why it may do everything: as an administrator.
    pub fn administrator(self) -> Option<Grant> {
        self.permissions().is_administrator()
    }

    /// The node groups whose nodes have this role, after structural linking.
    pub fn node_groups(self) -> impl Iterator<Item = NodeId> + use<'g> {
        self.graph.followed_back(self.node, EdgeKind::NodeIdentity)
    }
}
