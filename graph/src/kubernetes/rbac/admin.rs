//! Who is as good as an administrator.

use std::collections::{BTreeSet, HashMap};

use super::capability::{self, Given};
use super::{Capability, Held, PolicyRule, RulePlace};
use crate::{Certainty, EdgeKind, Graph, NodeId, NodeKind, Tri, View};

/// Why a subject is as good as a cluster administrator.
#[derive(Clone, Copy, Debug)]
pub struct AdminReason<'g> {
    /// The capability and what gives it. Two may be needed: approving a request and approving for its signer.
    pub held: Held<'g>,
    /// The second permission, if one is needed.
    pub with: Option<Held<'g>>,
}

/// A namespace: by its name, and for one that nobody named by the release in it.
type Home = (Option<u32>, String);

/// The namespace that a node means by a name.
fn home(graph: &Graph<'_>, node: NodeId, namespace: &str) -> Home {
    (graph.release_of(node, namespace), namespace.to_owned())
}

/// What is found out about all subjects together.
#[derive(Debug, Default)]
pub(crate) struct Model {
    /// Namespaces in which power over pods or Secrets is power over the cluster.
    privileged: BTreeSet<Home>,
    /// Subjects that are as good as administrators, and how sure that is.
    admins: HashMap<NodeId, Certainty>,
    /// The rules that count, by role.
    rules: HashMap<NodeId, Vec<RulePlace>>,
    /// What each role gives.
    given: HashMap<NodeId, Vec<Given>>,
}

impl Model {
    /// Finds the privileged namespaces and the administrators: each namespace that holds a ServiceAccount of an
    /// administrator is privileged, which may make others administrators, until nothing changes.
    pub(crate) fn new(graph: &Graph<'_>) -> Self {
        let mut model = Self::default();
        model.privileged.insert((None, "kube-system".to_owned()));
        for role in graph.all_roles() {
            let places = role.effective_rules().into_iter().map(PolicyRule::place).collect();
            model.rules.insert(role.node(), places);
            model.given.insert(role.node(), capability::given(role));
        }
        let held: Vec<(NodeId, Vec<Held<'_>>)> = subjects(graph)
            .map(|node| (node, graph.held(node, &model)))
            .filter(|(_, held)| !held.is_empty())
            .collect();
        loop {
            let before = model.privileged.len();
            for (node, held) in &held {
                let reasons = reasons(graph, held, &model.privileged);
                let Some(certainty) = reasons.iter().map(AdminReason::certainty).max() else { continue };
                model.admins.insert(*node, certainty);
                if certainty == Certainty::Certain
                    && let Some(account) = crate::kubernetes::ServiceAccount::of(graph, *node)
                {
                    model.privileged.insert(home(graph, *node, account.namespace()));
                }
            }
            if model.privileged.len() == before {
                return model;
            }
        }
    }
}

impl Model {
    pub(super) fn rules_of(&self, role: NodeId) -> Option<&[RulePlace]> {
        self.rules.get(&role).map(Vec::as_slice)
    }

    pub(super) fn given_by(&self, role: NodeId) -> &[Given] {
        self.given.get(&role).map_or(&[], Vec::as_slice)
    }
}

fn subjects(graph: &Graph<'_>) -> impl Iterator<Item = NodeId> {
    let bound =
        graph.nodes().filter(|(_, node)| matches!(node.kind, NodeKind::ServiceAccount | NodeKind::Subject));
    bound.map(|(id, _)| id)
}

impl<'g> Graph<'g> {
    /// Tells whether a subject is as good as a cluster administrator: its permissions lead to all others.
    pub fn is_admin_equivalent(&self, subject: NodeId) -> Tri {
        if is_masters(self, subject) {
            return Tri::Yes;
        }
        match self.rbac.admins.get(&subject) {
            None => Tri::No,
            Some(Certainty::Certain) => Tri::Yes,
            Some(Certainty::Possible) => Tri::Unknown(None),
        }
    }

    /// The permissions that make a subject as good as a cluster administrator; empty for one that is not, and for
    /// `system:masters`, whom the API server lets do everything.
    pub fn admin_reasons<'s>(&'s self, subject: NodeId) -> Vec<AdminReason<'s>> {
        self.admin_reasons_among(&self.capabilities(subject))
    }

    /// As [`Graph::admin_reasons`], from what the subject is known to hold.
    pub(crate) fn admin_reasons_among<'s>(&self, held: &[Held<'s>]) -> Vec<AdminReason<'s>> {
        reasons(self, held, &self.rbac.privileged)
    }

    /// Tells whether power over the pods or Secrets of the namespace that a node means by a name is power over the
    /// cluster: `kube-system`, and every namespace that holds a ServiceAccount as good as an administrator.
    pub fn is_privileged_namespace(&self, node: NodeId, namespace: &str) -> bool {
        self.rbac.privileged.contains(&home(self, node, namespace))
    }

    /// Tells whether some cluster takes what the ConfigMap `aws-auth` says: the input holds an EKS cluster whose
    /// authentication mode is not just `API`, or the ConfigMap and no cluster.
    pub fn reads_aws_auth(&self) -> bool {
        let mut clusters = self.eks_clusters().peekable();
        if clusters.peek().is_some() {
            return clusters.any(|cluster| !cluster.authentication_mode().is("API"));
        }
        self.nodes_of(NodeKind::EksCluster).next().is_some()
            || !self.find_address("ConfigMap/kube-system/aws-auth").is_empty()
    }
}

/// The group that the authorizer never asks about.
pub(crate) fn is_masters(graph: &Graph<'_>, subject: NodeId) -> bool {
    graph.node(subject).address == "Group/system:masters"
}

impl<'g> AdminReason<'g> {
    /// How sure it is.
    pub fn certainty(&self) -> Certainty {
        self.with.map_or(self.held.certainty, |with| with.certainty.min(self.held.certainty))
    }
}

/// Design: rules-kubernetes.md 2.5, "admin-equivalent".
fn reasons<'g>(graph: &Graph<'_>, held: &[Held<'g>], privileged: &BTreeSet<Home>) -> Vec<AdminReason<'g>> {
    let mut found = Vec::new();
    for one in held {
        let cluster = one.grant.namespace().is_none();
        let meant = |namespace| home(graph, one.grant.binding.node(), namespace);
        let powerful = one.grant.namespace().is_none_or(|namespace| privileged.contains(&meant(namespace)));
        let enough = match one.capability {
            Capability::Everything
            | Capability::Escalate
            | Capability::AddEphemeralContainers
            | Capability::AttachPods
            | Capability::Bind
            | Capability::CreatePods
            | Capability::CreateSecrets
            | Capability::CreateWorkloads
            | Capability::ExecPods
            | Capability::GetSecrets
            | Capability::ListSecrets
            | Capability::UpdateSecrets => powerful && !one.named,
            Capability::CreateTokens => powerful && (!one.named || names_admin(graph, one, privileged)),
            Capability::Impersonate => (cluster && !one.named) || names_admin(graph, one, privileged),
            Capability::ProxyNodes | Capability::WriteMutatingWebhooks => cluster && !one.named,
            Capability::UseSecurityContext => {
                powerful && (!one.named || one.rule.resource_names().any(is_privileged_context).is_yes())
            }
            Capability::WriteConfigMaps => {
                let reaches = one.grant.covers(Some("kube-system"));
                reaches && writes_aws_auth(one) && graph.reads_aws_auth()
            }
            Capability::ApproveRequests
            | Capability::ApproveSigner
            | Capability::CreateApplications
            | Capability::CreateExternalSecrets
            | Capability::CreatePersistentVolumes
            | Capability::ModifyNamespaces
            | Capability::ModifyNodes
            | Capability::ModifyServiceAccounts
            | Capability::SignRequests
            | Capability::SignSigner
            | Capability::UpdateWorkloads
            | Capability::WriteNodeClasses
            | Capability::WriteRoleBindings
            | Capability::WriteRoles
            | Capability::WriteValidatingWebhooks => false,
        };
        if enough {
            found.push(AdminReason { held: *one, with: None });
        }
    }
    for (request, signer) in [
        (Capability::ApproveRequests, Capability::ApproveSigner),
        (Capability::SignRequests, Capability::SignSigner),
    ] {
        let cluster = |capability| {
            held.iter().find(|one| one.capability == capability && one.grant.namespace().is_none())
        };
        let signs_clients =
            |one: &&Held<'_>| !one.named || one.rule.resource_names().any(is_client_signer).may();
        if let (Some(request), Some(signer)) = (cluster(request), cluster(signer).filter(signs_clients)) {
            found.push(AdminReason { held: *request, with: Some(*signer) });
        }
    }
    found
}

fn is_privileged_context(name: &str) -> bool {
    matches!(
        name,
        "anyuid" | "hostaccess" | "hostmount-anyuid" | "hostnetwork" | "node-exporter" | "privileged"
    )
}

fn is_client_signer(name: &str) -> bool {
    matches!(name, "*" | "kubernetes.io/*" | "kubernetes.io/kube-apiserver-client")
}

/// `resourceNames: [aws-auth]`, or none.
pub(crate) fn writes_aws_auth(held: &Held<'_>) -> bool {
    !held.named || held.rule.resource_names().contains("aws-auth").is_yes()
}

/// Tells whether a rule that is limited to names names an administrator: the group `system:masters`, or a
/// ServiceAccount bound to something as powerful.
fn names_admin(graph: &Graph<'_>, held: &Held<'_>, privileged: &BTreeSet<Home>) -> bool {
    held.rule.resource_names().known().any(|(name, _)| {
        name == "system:masters"
            || graph.service_accounts().any(|account| {
                account.name() == name
                    && held.grant.covers(Some(account.namespace()))
                    && privileged.contains(&home(graph, account.node(), account.namespace()))
                    && graph.followed(account.node(), EdgeKind::Bound).any(|binding| {
                        graph
                            .followed(binding, EdgeKind::Grants)
                            .any(|role| graph.node(role).address == "ClusterRole/cluster-admin")
                    })
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::graph;

    /// A role's rules, how it is bound, and whether the ServiceAccount `app/app` is then as good as an administrator.
    #[test]
    fn administrators_are_recognised() {
        let cases = [
            ("cluster", "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}", "yes"),
            ("app", "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}", "no"),
            ("kube-system", "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}", "yes"),
            ("cluster", "{apiGroups: [''], resources: [secrets], verbs: [list]}", "yes"),
            ("cluster", "{apiGroups: [''], resources: [secrets], verbs: [get], resourceNames: [a]}", "no"),
            ("app", "{apiGroups: [''], resources: [secrets], verbs: [list]}", "no"),
            ("tools", "{apiGroups: [''], resources: [secrets], verbs: [list]}", "yes"),
            ("cluster", "{apiGroups: [apps], resources: [pods], verbs: [create]}", "no"),
            ("cluster", "{apiGroups: [apps], resources: [daemonsets], verbs: [create]}", "yes"),
            ("cluster", "{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}", "yes"),
            ("app", "{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}", "no"),
            ("cluster", "{apiGroups: [''], resources: [nodes/metrics], verbs: [get]}", "no"),
            ("cluster", "{apiGroups: [''], resources: ['*/exec'], verbs: [create]}", "yes"),
            (
                "cluster",
                "{apiGroups: [''], resources: [groups], verbs: [impersonate], resourceNames: ['system:masters']}",
                "yes",
            ),
            (
                "cluster",
                "{apiGroups: [''], resources: [users], verbs: [impersonate], resourceNames: [jane]}",
                "no",
            ),
            (
                "cluster",
                "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}",
                "no",
            ),
            (
                "cluster",
                "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval, signers], \
                 verbs: [update, approve]}",
                "yes",
            ),
            ("cluster", "{apiGroups: [''], resources: ['${x}'], verbs: ['*']}", "unknown"),
            ("cluster", "{nonResourceURLs: ['*'], verbs: ['*']}", "no"),
        ];
        for (scope, rule, expected) in cases {
            let (kind, namespace) = match scope {
                "cluster" => ("ClusterRoleBinding", ""),
                namespace => ("RoleBinding", namespace),
            };
            let graph = graph(&format!(
                "
{{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {{name: r}}, rules: [{rule}]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}
metadata: {{name: b, namespace: '{namespace}'}}
roleRef: {{kind: ClusterRole, name: r}}
subjects: [{{kind: ServiceAccount, name: app, namespace: app}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: tools}}
roleRef: {{kind: ClusterRole, name: cluster-admin}}
subjects: [{{kind: ServiceAccount, name: tools, namespace: tools}}]
"
            ));
            let [account] = graph.find_address("ServiceAccount/app/app") else { panic!("one account") };
            let found = match graph.is_admin_equivalent(*account) {
                Tri::No => "no",
                Tri::Unknown(_) => "unknown",
                Tri::Yes => "yes",
            };
            assert_eq!(found, expected, "{scope}: {rule}");
        }
    }

    #[test]
    fn groups_and_aggregation_count() {
        let graph = graph(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: more, labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}
rules: [{apiGroups: [''], resources: [nodes/proxy], verbs: [create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: all}
roleRef: {kind: ClusterRole, name: view}
subjects: [{kind: Group, name: 'system:serviceaccounts:app'}]
---
{kind: Pod, metadata: {name: p, namespace: app}, spec: {containers: [{name: a}]}}
---
{kind: Pod, metadata: {name: p, namespace: other}, spec: {containers: [{name: a}]}}
",
        );
        let admin = |address: &str| graph.is_admin_equivalent(graph.find_address(address)[0]);
        assert_eq!(admin("ServiceAccount/app/default"), Tri::Yes);
        assert_eq!(admin("ServiceAccount/other/default"), Tri::No);
        let role = graph.roles().next().expect("there is one");
        assert_eq!(graph.roles().count(), 1);
        let names: Vec<_> = role.aggregated_into().iter().map(|role| role.address()).collect();
        assert_eq!(names, ["ClusterRole/view"]);
        assert_eq!(role.holders().len(), 2);
        let request = crate::kubernetes::Request::new("list", "", "pods");
        let account = graph.find_address("ServiceAccount/app/default")[0];
        assert_eq!(graph.can(account, &request, Some("app")), Tri::Yes);
        assert_eq!(graph.can(account, &crate::kubernetes::Request::new("delete", "", "pods"), None), Tri::No);
    }
}
