//! Namespaces and their Pod Security levels.

use iac_model::{Attr, OriginId};

use super::{KubernetesView, Labels, Object, Workload};
use crate::{Graph, KubernetesVersion, NodeId, NodeKind, View};

/// A namespace, declared or only used.
#[derive(Clone, Copy, Debug)]
pub struct Namespace<'g> {
    graph: &'g Graph<'g>,
    node: NodeId,
}

/// A level of the Pod Security Standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PodSecurityLevel {
    /// Everything is allowed.
    Privileged,
    /// Known ways to take the node are not.
    Baseline,
    /// Only hardened pods.
    Restricted,
}

impl PodSecurityLevel {
    /// Reads a label's value.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "privileged" => Some(Self::Privileged),
            "baseline" => Some(Self::Baseline),
            "restricted" => Some(Self::Restricted),
            _ => None,
        }
    }

    /// The label's value.
    pub fn name(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

impl<'g> Graph<'g> {
    /// All namespaces that are declared or used.
    pub fn namespaces<'s>(&'s self) -> impl Iterator<Item = Namespace<'s>> + use<'s, 'g> {
        self.nodes_of(NodeKind::Namespace).map(|(node, _)| Namespace { graph: self, node })
    }

    /// The namespaces with a name: several for alternative renderings.
    pub fn namespaces_named<'s>(&'s self, name: &str) -> impl Iterator<Item = Namespace<'s>> + use<'s, 'g> {
        let nodes = self.find_address(&format!("Namespace/{name}"));
        let nodes = nodes.iter().filter(|&&node| self.node(node).kind == NodeKind::Namespace);
        nodes.map(|&node| Namespace { graph: self, node })
    }

    /// Tells whether everything in a namespace is in the input, so that what is missing does not exist: the Namespace
    /// itself is in it, or a release that makes it, and no release installs a chart there that is elsewhere. Or the
    /// person who scans says so.
    pub fn is_closed(&self, namespace: &str) -> bool {
        if self.settings().closed_world {
            return true;
        }
        let mut made = self.namespaces_named(namespace).any(|namespace| namespace.object().is_some());
        for release in self.helm_releases() {
            let into = release.namespace();
            if !(into.is(namespace) || into.is_absent() && namespace == "default") {
                continue;
            }
            if !release.is_rendered() {
                return false;
            }
            made |= release.creates_namespace().is(true);
        }
        made
    }
}

impl<'g> View<'g> for Namespace<'g> {
    fn graph(self) -> &'g Graph<'g> {
        self.graph
    }

    fn node(self) -> NodeId {
        self.node
    }
}

impl<'g> Namespace<'g> {
    /// Its name.
    pub fn name(self) -> &'g str {
        &self.data().name
    }

    /// Its object; `None` if it is only used.
    pub fn object(self) -> Option<Object<'g>> {
        self.graph.object(self.node)
    }

    /// Its labels; absent if it is only used.
    pub fn labels(self) -> Option<Labels<'g>> {
        Some(self.object()?.labels())
    }

    /// The workloads in it.
    pub fn workloads(self) -> impl Iterator<Item = Workload<'g>> {
        let name = self.name();
        self.graph.workloads().filter(move |workload| {
            workload.namespace_or_default() == name && self.graph.can_meet(self.node, workload.node())
        })
    }

    /// A system namespace of Kubernetes: `kube-system`, `kube-public`, `kube-node-lease`.
    pub fn is_system(self) -> bool {
        matches!(self.name(), "kube-node-lease" | "kube-public" | "kube-system")
    }

    /// A Pod Security label as written: `enforce`, `audit`, `warn`, or one with `-version`. Absent: the default of
    /// the cluster, which is privileged.
    pub fn pod_security_label(self, mode: &str) -> Option<Attr<&'g str>> {
        Some(self.labels()?.get(&format!("pod-security.kubernetes.io/{mode}")))
    }

    /// The level that is enforced. A value that is no level counts as restricted, as the admission plugin fails
    /// closed (pod-security-admission, policy.ParseLevel). Absent: privileged, unless the cluster's admission
    /// configuration says otherwise.
    pub fn enforced_level(self) -> Option<Attr<PodSecurityLevel>> {
        let level = self.pod_security_label("enforce")?;
        Some(level.map(|text| PodSecurityLevel::parse(text).unwrap_or(PodSecurityLevel::Restricted)))
    }

    /// The version of the policy that is enforced. `None`: the newest, which `latest` and nothing written mean too.
    pub fn enforced_version(self) -> Option<KubernetesVersion> {
        KubernetesVersion::parse(self.pod_security_label("enforce-version")?.known()?)
    }

    /// The place to point at: its object, else the header of its first workload.
    pub fn place(self) -> Option<OriginId> {
        self.origin().or_else(|| self.workloads().find_map(View::origin))
    }
}
