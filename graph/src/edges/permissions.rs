//! What permissions lead to: the attack edges of RBAC.

use std::collections::HashMap;

use super::targets::{NodeGroups, cluster_admin, secrets};
use crate::kubernetes::rbac::is_masters;
use crate::kubernetes::{AdminReason, Capability, Held, KubernetesView, PodSecurityLevel, Secret};
use crate::{Additions, Certainty, Edge, EdgeKind, Graph, NodeId, NodeKind, View};

/// Links subjects with what their permissions give them.
pub(super) fn attacks(graph: &Graph<'_>, additions: &mut Additions) {
    let places = Places::new(graph);
    for (subject, node) in graph.nodes() {
        if !matches!(node.kind, NodeKind::ServiceAccount | NodeKind::Subject) {
            continue;
        }
        if is_masters(graph, subject) {
            let target = cluster_admin(graph, additions);
            let edge = Edge::new(EdgeKind::AdminPermissions)
                .assuming("the API server lets the group system:masters do everything");
            additions.edge(subject, target, edge);
        }
        let held = graph.capabilities(subject);
        if held.is_empty() {
            continue;
        }
        for reason in graph.admin_reasons_among(&held) {
            let target = cluster_admin(graph, additions);
            additions.edge(subject, target, admin_edge(&reason));
        }
        let mut step = Step { graph, additions, places: &places, subject, held: &held };
        for one in &held {
            step.follow(one);
        }
    }
    administrators(graph, additions, &places.nodes);
    hold_secrets(graph, additions);
}

/// What a cluster administrator can take: every node and every ServiceAccount.
fn administrators(graph: &Graph<'_>, additions: &mut Additions, nodes: &NodeGroups) {
    let Some(admin) = additions.existing("target:cluster-admin") else { return };
    for node in nodes.all(graph, additions) {
        let edge = Edge::new(EdgeKind::CreatePods).assuming("no admission policy refuses privileged pods");
        additions.edge(admin, node, edge);
    }
    for account in graph.service_accounts() {
        additions.edge(admin, account.node(), Edge::new(EdgeKind::CreateToken));
    }
    let all = secrets(graph, additions, "*");
    additions.edge(admin, all, Edge::new(EdgeKind::ReadSecrets));
}

/// All Secrets of the cluster hold those of each namespace, and these each Secret of the input.
fn hold_secrets(graph: &Graph<'_>, additions: &mut Additions) {
    let all = additions.existing("implicit:secrets/*");
    for secret in graph.secrets() {
        let id = format!("implicit:secrets/{}", secret.namespace_or_default());
        let namespace = match (all, additions.existing(&id)) {
            (None, None) => continue,
            (None, Some(namespace)) => namespace,
            (Some(all), _) => {
                let namespace = secrets(graph, additions, secret.namespace_or_default());
                additions.edge(all, namespace, Edge::new(EdgeKind::ReadSecrets));
                namespace
            }
        };
        additions.edge(namespace, secret.node(), Edge::new(EdgeKind::ReadSecrets));
    }
}

fn edge_of(kind: EdgeKind, held: &Held<'_>) -> Edge {
    let mut edge = Edge::new(kind);
    for proof in held.grant.proofs(Some(held.rule)) {
        edge = edge.because(proof.origin, proof.address);
    }
    if held.certainty == Certainty::Possible {
        edge = edge.possible(
            held.rule.verbs().unknown().or(held.rule.resources().unknown()).map(|(symbol, _)| symbol),
        );
    }
    edge.action(held.capability.name())
}

fn admin_edge(reason: &AdminReason<'_>) -> Edge {
    let mut edge = edge_of(kind_of(reason.held.capability), &reason.held);
    if let Some(with) = reason.with {
        for proof in with.grant.proofs(Some(with.rule)) {
            edge = edge.because(proof.origin, proof.address);
        }
        edge = edge.action(with.capability.name());
        if with.certainty == Certainty::Possible {
            edge = edge.possible(None);
        }
    }
    edge
}

fn kind_of(capability: Capability) -> EdgeKind {
    match capability {
        Capability::Everything => EdgeKind::AdminPermissions,
        Capability::Escalate | Capability::Bind | Capability::WriteRoles | Capability::WriteRoleBindings => {
            EdgeKind::GrantRole
        }
        Capability::Impersonate => EdgeKind::Impersonate,
        Capability::ListSecrets | Capability::GetSecrets => EdgeKind::ReadSecrets,
        Capability::CreateSecrets | Capability::UpdateSecrets => EdgeKind::CreateTokenSecret,
        Capability::CreatePods | Capability::CreateWorkloads | Capability::UseSecurityContext => {
            EdgeKind::CreatePods
        }
        Capability::UpdateWorkloads => EdgeKind::UpdateWorkloads,
        Capability::ExecPods | Capability::AttachPods => EdgeKind::ExecPods,
        Capability::AddEphemeralContainers => EdgeKind::AddEphemeralContainer,
        Capability::CreateTokens => EdgeKind::CreateToken,
        Capability::ProxyNodes => EdgeKind::ProxyNodes,
        Capability::ApproveRequests
        | Capability::ApproveSigner
        | Capability::SignRequests
        | Capability::SignSigner => EdgeKind::IssueCertificate,
        Capability::WriteMutatingWebhooks | Capability::WriteValidatingWebhooks => EdgeKind::WriteWebhooks,
        Capability::ModifyNamespaces => EdgeKind::RelaxNamespace,
        Capability::CreatePersistentVolumes => EdgeKind::CreateHostPathVolume,
        Capability::ModifyServiceAccounts => EdgeKind::ChangeServiceAccount,
        Capability::ModifyNodes => EdgeKind::ModifyNodes,
        Capability::WriteConfigMaps => EdgeKind::WriteAwsAuth,
        Capability::WriteNodeClasses => EdgeKind::ChangeNodeClass,
        Capability::CreateExternalSecrets => EdgeKind::CreateExternalSecret,
        Capability::CreateApplications => EdgeKind::CreateGitopsApplication,
    }
}

/// What stands in each namespace.
struct Places {
    accounts: HashMap<String, Vec<NodeId>>,
    workloads: HashMap<String, Vec<NodeId>>,
    nodes: NodeGroups,
}

impl Places {
    fn new(graph: &Graph<'_>) -> Self {
        let nodes = NodeGroups::new(graph);
        let mut places = Self { accounts: HashMap::new(), workloads: HashMap::new(), nodes };
        for account in graph.service_accounts() {
            places.accounts.entry(account.namespace().to_owned()).or_default().push(account.node());
        }
        for workload in graph.workloads() {
            let nodes = places.workloads.entry(workload.namespace_or_default().to_owned()).or_default();
            if nodes.last() != Some(&workload.node()) {
                nodes.push(workload.node());
            }
        }
        places
    }
}

struct Step<'s, 'g, 'a> {
    graph: &'s Graph<'g>,
    additions: &'a mut Additions,
    places: &'s Places,
    subject: NodeId,
    held: &'s [Held<'s>],
}

impl Step<'_, '_, '_> {
    fn follow(&mut self, held: &Held<'_>) {
        let Some(namespace) = held.grant.namespace() else {
            self.in_cluster(held);
            return;
        };
        match held.capability {
            Capability::CreatePods | Capability::CreateWorkloads => {
                self.reach_accounts(held, namespace);
                self.reach_new_pods(held, namespace);
            }
            Capability::Everything | Capability::Bind | Capability::Escalate => {
                if !held.named {
                    self.reach_accounts(held, namespace);
                    self.reach_workloads(held, namespace);
                    self.reach_secrets(held, namespace);
                    self.reach_new_pods(held, namespace);
                }
            }
            Capability::CreateTokens | Capability::Impersonate => self.reach_accounts(held, namespace),
            Capability::UpdateWorkloads
            | Capability::ExecPods
            | Capability::AttachPods
            | Capability::AddEphemeralContainers => self.reach_workloads(held, namespace),
            Capability::GetSecrets | Capability::ListSecrets => self.reach_secrets(held, namespace),
            Capability::CreateSecrets => {
                if self.has_in(namespace, &[Capability::ListSecrets, Capability::GetSecrets]) {
                    self.reach_accounts(held, namespace);
                }
            }
            // These need the whole cluster, or lead nowhere by themselves.
            Capability::ApproveRequests
            | Capability::ApproveSigner
            | Capability::CreateApplications
            | Capability::CreateExternalSecrets
            | Capability::CreatePersistentVolumes
            | Capability::ModifyNamespaces
            | Capability::ModifyNodes
            | Capability::ModifyServiceAccounts
            | Capability::ProxyNodes
            | Capability::SignRequests
            | Capability::SignSigner
            | Capability::UpdateSecrets
            | Capability::UseSecurityContext
            | Capability::WriteConfigMaps
            | Capability::WriteMutatingWebhooks
            | Capability::WriteNodeClasses
            | Capability::WriteRoleBindings
            | Capability::WriteRoles
            | Capability::WriteValidatingWebhooks => {}
        }
    }

    /// What the whole cluster adds to being an administrator, which has an edge of its own.
    fn in_cluster(&mut self, held: &Held<'_>) {
        match held.capability {
            Capability::GetSecrets | Capability::ListSecrets => self.reach_secrets(held, "*"),
            Capability::UpdateWorkloads => {
                let namespaces: Vec<&String> = self.places.workloads.keys().collect();
                for namespace in namespaces {
                    self.reach_workloads(held, namespace);
                }
            }
            Capability::CreateTokens | Capability::Impersonate if held.named => {
                let namespaces: Vec<&String> = self.places.accounts.keys().collect();
                for namespace in namespaces {
                    self.reach_accounts(held, namespace);
                }
                if held.capability == Capability::Impersonate {
                    self.reach_subjects(held);
                }
            }
            Capability::ModifyNamespaces | Capability::CreatePersistentVolumes
                if !held.named && self.has_pod_creation() =>
            {
                for node in self.places.nodes.all(self.graph, self.additions) {
                    self.additions.edge(self.subject, node, edge_of(kind_of(held.capability), held));
                }
            }
            _ => {}
        }
    }

    fn has_in(&self, namespace: &str, capabilities: &[Capability]) -> bool {
        self.held.iter().any(|other| {
            capabilities.contains(&other.capability)
                && other.grant.covers(Some(namespace))
                && other.certainty == Certainty::Certain
        })
    }

    fn has_pod_creation(&self) -> bool {
        self.held.iter().any(|other| {
            matches!(other.capability, Capability::CreatePods | Capability::CreateWorkloads)
                && other.certainty == Certainty::Certain
        })
    }

    fn names(&self, held: &Held<'_>, node: NodeId) -> bool {
        !held.named || held.rule.resource_names().contains(&self.graph.node(node).name).is_yes()
    }

    fn reach_accounts(&mut self, held: &Held<'_>, namespace: &str) {
        for &account in self.places.accounts.get(namespace).into_iter().flatten() {
            if account != self.subject && self.names(held, account) {
                self.additions.edge(self.subject, account, edge_of(kind_of(held.capability), held));
            }
        }
    }

    fn reach_workloads(&mut self, held: &Held<'_>, namespace: &str) {
        for &workload in self.places.workloads.get(namespace).into_iter().flatten() {
            // The names of pods are made from the name of their workload.
            let name = &self.graph.node(workload).name;
            let named =
                !held.named || held.rule.resource_names().any(|pod| pod.starts_with(name.as_str())).is_yes();
            if named {
                self.additions.edge(self.subject, workload, edge_of(kind_of(held.capability), held));
            }
        }
    }

    fn reach_subjects(&mut self, held: &Held<'_>) {
        for (node, data) in self.graph.nodes_of(NodeKind::Subject) {
            if node != self.subject && held.rule.resource_names().contains(&data.name).is_yes() {
                self.additions.edge(self.subject, node, edge_of(EdgeKind::Impersonate, held));
            }
        }
    }

    fn reach_secrets(&mut self, held: &Held<'_>, namespace: &str) {
        if held.capability == Capability::GetSecrets && self.has_in(namespace, &[Capability::ListSecrets]) {
            return;
        }
        let mut edge = edge_of(kind_of(held.capability), held);
        if held.capability == Capability::GetSecrets && !held.named {
            edge = edge.assuming("the names of the Secrets are known");
        }
        if !held.named {
            let all = secrets(self.graph, self.additions, namespace);
            self.additions.edge(self.subject, all, edge.clone());
        }
        for secret in self.graph.secrets() {
            let here = namespace == "*" || secret.namespace_or_default() == namespace;
            if !here || !self.names(held, secret.node()) {
                continue;
            }
            if held.named {
                self.additions.edge(self.subject, secret.node(), edge.clone());
            }
            if let Some(account) = self.token_of(secret) {
                self.additions.edge(self.subject, account, edge.clone());
            }
        }
    }

    /// The ServiceAccount whose token a Secret holds.
    fn token_of(&self, secret: Secret<'_>) -> Option<NodeId> {
        if !secret.secret_type().is("kubernetes.io/service-account-token") {
            return None;
        }
        let name = secret.annotations().get("kubernetes.io/service-account.name").known()?;
        let accounts = self.places.accounts.get(secret.namespace_or_default())?;
        accounts.iter().copied().find(|&account| self.graph.node(account).name == name)
    }

    /// Whoever creates pods takes the node, unless the namespace refuses pods that can.
    fn reach_new_pods(&mut self, held: &Held<'_>, namespace: &str) {
        let mut assumes = Some("no admission policy refuses privileged pods in the namespace");
        for known in self.graph.namespaces_named(namespace) {
            match known.enforced_level() {
                Some(iac_model::Attr::Known(
                    PodSecurityLevel::Baseline | PodSecurityLevel::Restricted,
                    _,
                )) => return,
                Some(iac_model::Attr::Known(PodSecurityLevel::Privileged, _)) => assumes = None,
                Some(iac_model::Attr::Absent(_) | iac_model::Attr::Unknown(..)) | None => {}
            }
        }
        for node in self.places.nodes.all(self.graph, self.additions) {
            let mut edge = edge_of(kind_of(held.capability), held);
            if let Some(text) = assumes {
                edge = edge.assuming(text);
            }
            self.additions.edge(self.subject, node, edge);
        }
    }
}
