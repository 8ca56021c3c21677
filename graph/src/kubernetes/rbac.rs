//! Roles and bindings as they are written.

use iac_model::{Attr, OriginId, Value};

use super::object::{non_empty, object_view};
use super::{KubernetesView, Strings};
use crate::{EdgeKind, Graph, NodeId, NodeKind, View};

object_view! {
    /// A Role or ClusterRole.
    Role
}

object_view! {
    /// A RoleBinding or ClusterRoleBinding.
    Binding
}

impl<'g> Graph<'g> {
    /// All Roles and ClusterRoles of the input.
    pub fn roles<'s>(&'s self) -> impl Iterator<Item = Role<'s>> + use<'s, 'g> {
        let found = self
            .objects()
            .filter(|object| matches!(self.node(object.node()).kind, NodeKind::ClusterRole | NodeKind::Role));
        found.map(Role)
    }

    /// All RoleBindings and ClusterRoleBindings of the input.
    pub fn bindings<'s>(&'s self) -> impl Iterator<Item = Binding<'s>> + use<'s, 'g> {
        let found = self.objects().filter(|object| {
            matches!(self.node(object.node()).kind, NodeKind::ClusterRoleBinding | NodeKind::RoleBinding)
        });
        found.map(Binding)
    }
}

impl<'g> Role<'g> {
    /// The role of a node.
    pub fn of(graph: &'g Graph<'_>, node: NodeId) -> Option<Self> {
        matches!(graph.node(node).kind, NodeKind::ClusterRole | NodeKind::Role)
            .then(|| graph.object(node).map(Role))
            .flatten()
    }

    /// Tells whether it is a ClusterRole.
    pub fn is_cluster_role(self) -> bool {
        self.data().kind == NodeKind::ClusterRole
    }

    /// Its own rules, without those that aggregation adds.
    pub fn rules(self) -> impl Iterator<Item = PolicyRule<'g>> {
        let list = self.body().get("rules").and_then(Value::as_list).unwrap_or_default();
        list.iter().map(|value| PolicyRule { value })
    }

    /// `aggregationRule.clusterRoleSelectors`. Absent: it does not aggregate.
    pub fn aggregation(self) -> Attr<&'g Value> {
        self.body().attr_at(&["aggregationRule", "clusterRoleSelectors"])
    }

    /// The bindings that refer to it.
    pub fn bindings(self) -> impl Iterator<Item = Binding<'g>> {
        let graph = self.graph();
        graph.followed_back(self.node(), EdgeKind::Grants).filter_map(|node| graph.object(node)).map(Binding)
    }
}

/// A rule of a role.
#[derive(Clone, Copy, Debug)]
pub struct PolicyRule<'g> {
    value: &'g Value,
}

impl<'g> PolicyRule<'g> {
    /// Verbs.
    pub fn verbs(self) -> Strings<'g> {
        Strings::new(self.value.attr("verbs"))
    }

    /// API groups; the empty string is the core group. Absent: the rule is for URLs.
    pub fn api_groups(self) -> Strings<'g> {
        Strings::new(self.value.attr("apiGroups"))
    }

    /// Resources, subresources as `pods/exec`.
    pub fn resources(self) -> Strings<'g> {
        Strings::new(self.value.attr("resources"))
    }

    /// Names of objects. Absent or empty: all.
    pub fn resource_names(self) -> Strings<'g> {
        Strings::new(self.value.attr("resourceNames"))
    }

    /// URL paths that are no resources.
    pub fn non_resource_urls(self) -> Strings<'g> {
        Strings::new(self.value.attr("nonResourceURLs"))
    }

    /// Where it stands.
    pub fn origin(self) -> OriginId {
        self.value.origin
    }

    /// The whole rule.
    pub fn value(self) -> &'g Value {
        self.value
    }
}

impl<'g> Binding<'g> {
    /// Tells whether it grants in the whole cluster.
    pub fn is_cluster_binding(self) -> bool {
        self.data().kind == NodeKind::ClusterRoleBinding
    }

    /// Kind of the role: `ClusterRole` or `Role`.
    pub fn role_kind(self) -> Attr<&'g str> {
        self.body().attr_at(&["roleRef", "kind"]).and(Value::as_str)
    }

    /// Name of the role.
    pub fn role_name(self) -> Attr<&'g str> {
        self.body().attr_at(&["roleRef", "name"]).and(Value::as_str)
    }

    /// The roles it may mean that are in the input; bootstrap roles are none.
    pub fn roles(self) -> impl Iterator<Item = Role<'g>> {
        let graph = self.graph();
        graph.followed(self.node(), EdgeKind::Grants).filter_map(|node| Role::of(graph, node))
    }

    /// To whom it grants.
    pub fn subjects(self) -> impl Iterator<Item = Subject<'g>> {
        let list = self.body().get("subjects").and_then(Value::as_list).unwrap_or_default();
        list.iter().map(move |value| Subject { binding: self, value })
    }
}

/// What a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SubjectKind {
    /// A group of users.
    Group,
    /// A ServiceAccount.
    ServiceAccount,
    /// A user.
    User,
}

/// To whom a binding grants.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'g> {
    binding: Binding<'g>,
    value: &'g Value,
}

impl<'g> Subject<'g> {
    /// What it is; `None` for a kind that does not exist or is not known.
    pub fn kind(self) -> Option<SubjectKind> {
        match self.value.attr_str("kind").known()? {
            "Group" => Some(SubjectKind::Group),
            "ServiceAccount" => Some(SubjectKind::ServiceAccount),
            "User" => Some(SubjectKind::User),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("name"))
    }

    /// The namespace of a ServiceAccount as written. Absent: that of a RoleBinding; a ClusterRoleBinding is refused.
    pub fn written_namespace(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("namespace"))
    }

    /// The namespace of a ServiceAccount: written, else that of a RoleBinding.
    pub fn namespace(self) -> Attr<&'g str> {
        self.written_namespace().or(|absent| match self.binding.is_cluster_binding() {
            true => Attr::Absent(absent),
            false => Attr::Known(self.binding.namespace_or_default(), absent),
        })
    }

    /// The binding it stands in.
    pub fn binding(self) -> Binding<'g> {
        self.binding
    }

    /// Where it stands.
    pub fn origin(self) -> OriginId {
        self.value.origin
    }

    /// The whole entry.
    pub fn value(self) -> &'g Value {
        self.value
    }
}
