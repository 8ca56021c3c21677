//! Who may make a request.

use super::{Grant, PolicyRule, Request};
use crate::kubernetes::{ServiceAccount, Workload};
use crate::{Certainty, Graph, NodeId, NodeKind, Tri};

/// A subject that may make a request, and what allows it.
#[derive(Clone, Debug)]
pub struct Holder<'g> {
    /// The subject.
    pub subject: NodeId,
    /// What was given to it.
    pub grant: Grant<'g>,
    /// The rule that allows the request.
    pub rule: PolicyRule<'g>,
    /// The objects it is allowed for; empty for all.
    pub names: Vec<&'g str>,
    /// How sure it is.
    pub certainty: Certainty,
}

impl<'g> Graph<'g> {
    /// Finds all who may make a request in a namespace, or in the whole cluster if there is none. A request without a
    /// name finds those too who may make it for some objects only. The order is that of the subjects' addresses.
    pub fn who_can<'s>(&'s self, request: &Request<'_>, namespace: Option<&str>) -> Vec<Holder<'s>> {
        let mut found = Vec::new();
        for (subject, node) in self.nodes() {
            if !matches!(node.kind, NodeKind::ServiceAccount | NodeKind::Subject) {
                continue;
            }
            for grant in self.grants(subject).into_iter().filter(|grant| grant.covers(namespace)) {
                for rule in grant.rules() {
                    let allowed = match request.name {
                        Some(_) => rule.allows(request),
                        None => rule.allows_some(request),
                    };
                    let certainty = match allowed {
                        Tri::No => continue,
                        Tri::Unknown(_) => Certainty::Possible,
                        Tri::Yes => grant.certainty(),
                    };
                    let names = rule.resource_names().known().map(|(name, _)| name).collect();
                    found.push(Holder { subject, grant, rule, names, certainty });
                }
            }
        }
        found.sort_by(|one, two| self.node(one.subject).address.cmp(&self.node(two.subject).address));
        found
    }
}

impl<'g> Holder<'g> {
    /// The workloads that run as the subject.
    pub fn workloads(&self, graph: &'g Graph<'_>) -> Vec<Workload<'g>> {
        ServiceAccount::of(graph, self.subject).map_or_else(Vec::new, |account| account.workloads().collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::graph;
    use crate::kubernetes::Request;

    #[test]
    fn holders_are_found_with_their_names() {
        let graph = graph(
            "
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r, namespace: x}, rules: [{apiGroups: [''], resources: [secrets], verbs: [get], resourceNames: [s]}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: x}
roleRef: {kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: a}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: c}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects: [{kind: User, name: root}]
",
        );
        let who = |request: &Request<'_>, namespace| {
            let found = graph.who_can(request, namespace);
            let found =
                found.iter().map(|one| format!("{} {:?}", graph.node(one.subject).address, one.names));
            found.collect::<Vec<_>>()
        };
        let get = Request::new("get", "", "secrets");
        assert_eq!(who(&get, Some("x")), ["ServiceAccount/x/a [\"s\"]", "User/root []"]);
        assert_eq!(who(&get.named("t"), Some("x")), ["User/root []"]);
        assert_eq!(who(&get, None), ["User/root []"]);
        assert_eq!(who(&Request::new("list", "", "secrets"), Some("x")), ["User/root []"]);
    }
}
