//! How a role is given to somebody.

use super::{Binding, PolicyRule, Resources, Role, Subject};
use crate::View;
use crate::kubernetes::KubernetesView;
use iac_model::OriginId;

/// One way in which a role is given to somebody.
#[derive(Clone, Copy, Debug)]
pub struct Holding<'g> {
    /// The binding.
    pub binding: Binding<'g>,
    /// The role that the binding names: the role itself, or one that aggregates it.
    pub via: Role<'g>,
}

impl<'g> Role<'g> {
    /// The bindings that give it, directly or over a role that aggregates it.
    pub fn holdings(self) -> Vec<Holding<'g>> {
        let roles = std::iter::once(self).chain(self.aggregated_into());
        roles.flat_map(|via| via.bindings().map(move |binding| Holding { binding, via })).collect()
    }
}

impl<'g> Holding<'g> {
    /// The namespace in which it holds; `None` for the whole cluster.
    pub fn namespace(&self) -> Option<&'g str> {
        (!self.binding.is_cluster_binding()).then(|| self.binding.namespace_or_default())
    }

    /// Those to whom it is given, without the parts of the cluster itself.
    pub fn subjects(&self) -> impl Iterator<Item = Subject<'g>> + use<'g> {
        self.binding.subjects().filter(|subject| !subject.is_system())
    }

    /// Tells whether what it gives is power over the cluster: it holds everywhere, or in a namespace whose pods have
    /// such power.
    pub fn is_far_reaching(&self) -> bool {
        let (graph, binding) = (self.via.graph(), self.binding.node());
        self.namespace().is_none_or(|namespace| graph.is_privileged_namespace(binding, namespace))
    }
}

impl PolicyRule<'_> {
    /// The place of the first of these verbs that is written, else of `*`, else of the rule.
    pub fn place_of_verb(self, verbs: &[&str]) -> OriginId {
        let place = self.verbs().find(|verb| verbs.contains(&verb));
        place.or_else(|| self.verbs().find(|verb| verb == "*")).unwrap_or(self.origin())
    }

    /// The place of the first of these resources that is written, else of what stands for them all, else of the rule.
    pub fn place_of_resource(self, resources: Resources) -> OriginId {
        let names = || resources.iter().flat_map(|(_, resources)| resources.iter());
        let exact = self.resources().find(|known| names().any(|name| *name == known));
        let place = exact.or_else(|| self.resources().find(|known| known == "*" || known.starts_with("*/")));
        place.unwrap_or(self.origin())
    }

    /// Tells whether one of these resources is written by its own name.
    pub fn spells_resource(self, resources: Resources) -> bool {
        let mut names = resources.iter().flat_map(|(_, resources)| resources.iter());
        names.any(|name| self.resources().find(|known| known == *name).is_some())
    }

    /// Tells whether one of these verbs is written by its own name.
    pub fn spells_verb(self, verbs: &[&str]) -> bool {
        self.verbs().find(|verb| verbs.contains(&verb)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::graph;

    #[test]
    fn holdings_name_the_role_that_hands_it_on_and_leave_out_the_cluster_itself() {
        let graph = graph(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: 'true'}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: one, labels: {part: 'true'}}
rules: [{apiGroups: [''], resources: [pods, '*'], verbs: [list, '*']}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: kube-system}
roleRef: {kind: ClusterRole, name: all}
subjects: [{kind: Group, name: 'system:nodes'}, {kind: ServiceAccount, name: a}]
",
        );
        let role = graph.roles().find(|role| role.name() == "one").expect("it is there");
        let holdings = role.holdings();
        let [holding] = holdings.as_slice() else { panic!("{holdings:?}") };
        assert_eq!((holding.via.name(), holding.namespace()), ("all", Some("kube-system")));
        assert!(holding.is_far_reaching());
        let subjects: Vec<_> = holding.subjects().filter_map(Subject::address).collect();
        assert_eq!(subjects, ["ServiceAccount/kube-system/a"]);
        let rule = role.rules().next().expect("it has one");
        assert!(rule.spells_resource(&[("", &["pods"])]) && !rule.spells_resource(&[("", &["secrets"])]));
        assert!(rule.spells_verb(&["list"]) && !rule.spells_verb(&["get"]));
    }
}
