//! Role-based access control: roles and bindings as they are written, and what they come to.

mod admin;
mod capability;
mod grants;
mod holdings;
mod matching;
mod who_can;

use iac_model::{Attr, OriginId, Value};

pub use admin::AdminReason;
pub(crate) use admin::{Model, is_masters};
pub use capability::{Capability, Held, Resources};
pub use grants::Grant;
pub use holdings::Holding;
pub use matching::Request;
pub use who_can::Holder;

use super::object::{non_empty, object_view};
use super::{KubernetesView, Labels, Selector, Strings, Workload};
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
    /// All Roles and ClusterRoles of the input; those that Kubernetes itself creates are not among them.
    pub fn roles<'s>(&'s self) -> impl Iterator<Item = Role<'s>> + use<'s, 'g> {
        self.all_roles().filter(|role| !role.is_bootstrap())
    }

    fn all_roles<'s>(&'s self) -> impl Iterator<Item = Role<'s>> + use<'s, 'g> {
        let found = self.raw("Role").chain(self.raw("ClusterRole"));
        found.filter_map(|object| Role::of(self, object.node()))
    }

    /// All RoleBindings and ClusterRoleBindings of the input.
    pub fn bindings<'s>(&'s self) -> impl Iterator<Item = Binding<'s>> + use<'s, 'g> {
        let found = self.raw("RoleBinding").chain(self.raw("ClusterRoleBinding"));
        found.filter_map(|object| Binding::of(self, object.node()))
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

    /// Tells whether Kubernetes itself creates it: `cluster-admin`, `admin`, `edit`, `view`, `system:*`.
    pub fn is_bootstrap(self) -> bool {
        self.data().resource.is_none()
    }

    /// Tells whether Kubernetes creates a role of its name: what the input holds is then a copy or a change of that.
    pub fn has_bootstrap_name(self) -> bool {
        let own = matches!(self.name(), "admin" | "cluster-admin" | "edit" | "view");
        self.is_bootstrap()
            || ((own || self.name().starts_with("system:")) && crate::ingest::is_bootstrap_role(self.name()))
    }

    /// Its own rules, without those that aggregation adds.
    pub fn rules(self) -> impl Iterator<Item = PolicyRule<'g>> {
        let list = self.body().get("rules").and_then(Value::as_list).unwrap_or_default();
        list.iter().enumerate().map(move |(index, value)| PolicyRule {
            role: self,
            index: index as u32,
            value,
        })
    }

    /// `rules` as a field. Absent: none. Unknown: it may allow anything.
    pub fn rules_attr(self) -> Attr<&'g Value> {
        self.body().attr("rules")
    }

    /// The rules that count. Those of a role that aggregates are replaced by the rules of the ClusterRoles that its
    /// selectors select (kube-controller-manager, clusterroleaggregation: own rules are overwritten).
    pub fn effective_rules(self) -> Vec<PolicyRule<'g>> {
        if let Some(known) = self.graph().rbac.rules_of(self.node()) {
            return known.iter().filter_map(|place| PolicyRule::at(self.graph(), *place)).collect();
        }
        match self.aggregation() {
            Attr::Absent(_) => self.rules().collect(),
            Attr::Known(..) | Attr::Unknown(..) => {
                let mut seen = vec![self.node()];
                let mut rules = Vec::new();
                self.aggregate(&mut seen, &mut rules);
                rules
            }
        }
    }

    fn aggregate(self, seen: &mut Vec<NodeId>, rules: &mut Vec<PolicyRule<'g>>) {
        for role in self.aggregated() {
            if seen.contains(&role.node()) {
                continue;
            }
            seen.push(role.node());
            match role.aggregation() {
                Attr::Absent(_) => rules.extend(role.rules()),
                Attr::Known(..) | Attr::Unknown(..) => role.aggregate(seen, rules),
            }
        }
    }

    /// The ClusterRoles whose rules it takes over.
    pub fn aggregated(self) -> impl Iterator<Item = Role<'g>> {
        let selectors = self.aggregation().known().and_then(Value::as_list).unwrap_or_default();
        let graph = self.graph();
        let roles = graph.raw("ClusterRole").filter_map(move |object| Role::of(graph, object.node()));
        roles.filter(move |role| {
            let labels: Labels<'_> = role.labels();
            let fits =
                |selector| Selector::full(Attr::Known(selector, selector.origin)).matches(labels).is_yes();
            role.can_meet(self) && role.node() != self.node() && selectors.iter().any(fits)
        })
    }

    /// `aggregationRule.clusterRoleSelectors`. Absent: it does not aggregate.
    pub fn aggregation(self) -> Attr<&'g Value> {
        self.body().attr_at(&["aggregationRule", "clusterRoleSelectors"])
    }

    /// The roles that take over its rules, directly or over others.
    pub fn aggregated_into(self) -> Vec<Role<'g>> {
        let mut found: Vec<Role<'g>> = Vec::new();
        let mut open = vec![self];
        while let Some(role) = open.pop() {
            for other in self.graph().all_roles() {
                let known =
                    other.node() == self.node() || found.iter().any(|known| known.node() == other.node());
                if !known
                    && !other.aggregation().is_absent()
                    && other.aggregated().any(|one| one.node() == role.node())
                {
                    found.push(other);
                    open.push(other);
                }
            }
        }
        found
    }

    /// Those whom bindings give it, directly or over a role that aggregates it.
    pub fn holders(self) -> Vec<NodeId> {
        let mut found = Vec::new();
        for role in std::iter::once(self).chain(self.aggregated_into()) {
            for binding in role.bindings() {
                for subject in self.graph().followed_back(binding.node(), EdgeKind::Bound) {
                    if !found.contains(&subject) {
                        found.push(subject);
                    }
                }
            }
        }
        found
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
    role: Role<'g>,
    index: u32,
    value: &'g Value,
}

/// Where a rule stands: in which role, as which of its own rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RulePlace {
    role: NodeId,
    index: u32,
}

impl<'g> PolicyRule<'g> {
    pub(crate) fn at(graph: &'g Graph<'_>, place: RulePlace) -> Option<Self> {
        let role = Role::of(graph, place.role)?;
        let value = role.body().get("rules")?.as_list()?.get(place.index as usize)?;
        Some(Self { role, index: place.index, value })
    }

    pub(crate) fn place(self) -> RulePlace {
        RulePlace { role: self.role.node(), index: self.index }
    }

    /// The role in which it is written.
    pub fn role(self) -> Role<'g> {
        self.role
    }

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
    /// The binding of a node.
    pub fn of(graph: &'g Graph<'_>, node: NodeId) -> Option<Self> {
        matches!(graph.node(node).kind, NodeKind::ClusterRoleBinding | NodeKind::RoleBinding)
            .then(|| graph.object(node).map(Binding))
            .flatten()
    }

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

    /// The roles it may mean: those of the input, else the one that Kubernetes itself creates.
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

    /// What people call it: `ServiceAccount/shop/web`, `Group/dev`; placeholders stand for symbols. `None` if it names
    /// nobody.
    pub fn address(self) -> Option<String> {
        let name = self.value.get("name")?.as_text()?.to_str_lossy();
        Some(match self.kind()? {
            SubjectKind::Group => format!("Group/{name}"),
            SubjectKind::User => format!("User/{name}"),
            SubjectKind::ServiceAccount => format!("ServiceAccount/{}/{name}", self.namespace().known()?),
        })
    }

    /// Tells whether it is a part of the cluster itself: the control plane, a node, the group of administrators.
    pub fn is_system(self) -> bool {
        let Some(name) = self.name().known() else { return false };
        match self.kind() {
            Some(SubjectKind::Group) => {
                matches!(
                    name,
                    "system:bootstrappers" | "system:masters" | "system:monitoring" | "system:nodes"
                ) || name.starts_with("system:bootstrappers:")
            }
            Some(SubjectKind::User) => name.starts_with("system:kube-") || name.starts_with("system:node:"),
            Some(SubjectKind::ServiceAccount) | None => false,
        }
    }

    /// The namespace of a ServiceAccount: written, else that of a RoleBinding.
    pub fn namespace(self) -> Attr<&'g str> {
        self.written_namespace().or(|absent| match self.binding.is_cluster_binding() {
            true => Attr::Absent(absent),
            false => Attr::Known(self.binding.namespace_or_default(), absent),
        })
    }

    /// The workloads that run as it, if it is a ServiceAccount.
    pub fn workloads(self) -> Vec<Workload<'g>> {
        let graph = self.binding.graph();
        let (Some(SubjectKind::ServiceAccount), Some(name), Some(namespace)) =
            (self.kind(), self.name().known(), self.namespace().known())
        else {
            return Vec::new();
        };
        let mut accounts = graph.service_accounts().filter(|account| {
            account.name() == name && account.namespace() == namespace && account.can_meet(self.binding)
        });
        accounts.next().map_or_else(Vec::new, |account| account.workloads().collect())
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
