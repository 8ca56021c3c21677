//! What rules about cloud resources share: settings judged together with their defaults, grants told as proofs, and
//! who has which identity.

use std::collections::HashSet;

use iac_graph::cloud::NodeGroup;
use iac_graph::cloud::aws::{Grant, IamPrincipal, Permissions};
use iac_graph::{Edge, EdgeKind, Graph, NodeId, NodeKind, Proof, Tri, View};
use iac_model::{Attr, OriginId};

use crate::{Certainty, Finding, Findings, Rule};

impl Findings<'_> {
    /// Judges one setting. Known: `bad` decides. Nothing written: bad if `unset` says why, which is the label then.
    /// Unknown: the finding is only possible; so it is where a good value may not be there and nothing written is bad.
    pub(crate) fn setting<T>(
        &mut self,
        rule: &'static Rule,
        subject: NodeId,
        value: Attr<T>,
        bad: impl FnOnce(T) -> bool,
        unset: Option<&str>,
        label: &str,
    ) -> Option<&mut Finding> {
        match value {
            Attr::Known(value, at) => {
                if bad(value) {
                    return Some(self.report(rule, subject, at, label));
                }
                if let Some(symbol) = unset.and_then(|_| self.assumed(at)) {
                    self.possible(rule, subject, at, symbol);
                }
                None
            }
            Attr::Absent(at) => unset.map(|label| self.report(rule, subject, at, label)),
            Attr::Unknown(symbol, at) => {
                self.possible(rule, subject, at, symbol);
                None
            }
        }
    }
}

impl Finding {
    /// Makes it as sure as an answer.
    pub(crate) fn as_sure_as(&mut self, truth: Tri) -> &mut Self {
        match truth {
            Tri::Yes => {}
            Tri::No | Tri::Unknown(None) => self.certainty = Certainty::Possible,
            Tri::Unknown(Some(symbol)) => {
                self.rests_on(symbol);
            }
        }
        self
    }

    /// Takes over what an edge or grant takes for granted.
    pub(crate) fn assume_all(&mut self, assumptions: &[String]) -> &mut Self {
        for assumption in assumptions {
            if !self.assumes.contains(assumption) {
                self.assume(assumption);
            }
        }
        self
    }

    /// Names the places that make something true.
    pub(crate) fn prove(&mut self, graph: &Graph<'_>, proofs: &[Proof]) -> &mut Self {
        for proof in proofs {
            let node = graph.find_address(&proof.address).first().copied();
            let text = match node.map(|node| graph.node(node).kind) {
                Some(NodeKind::IamPolicy) => "the policy",
                Some(NodeKind::IamRole) => "the role",
                Some(_) if proof.address.contains("attachment") => "attached here",
                _ => "because of this",
            };
            match node {
                Some(node) => self.proof(node, proof.origin, text),
                None => self.related(proof.origin, text),
            };
        }
        self
    }

    /// Takes over what makes a grant true.
    pub(crate) fn granted(&mut self, graph: &Graph<'_>, grant: &Grant) -> &mut Self {
        self.as_sure_as(grant.truth).assume_all(&grant.assumes).prove(graph, &grant.because)
    }

    /// Takes over what makes an edge true.
    pub(crate) fn linked(&mut self, graph: &Graph<'_>, edge: &Edge) -> &mut Self {
        self.as_sure_as(truth(edge)).assume_all(&edge.assumes).prove(graph, &edge.because)
    }
}

/// How sure an edge is.
pub(crate) fn truth(edge: &Edge) -> Tri {
    match edge.certainty {
        Certainty::Certain => Tri::Yes,
        Certainty::Possible => Tri::Unknown(edge.symbol),
    }
}

/// Why a role counts as that of nodes.
pub(crate) enum NodeRole<'g> {
    /// These groups have it.
    Of(Vec<NodeGroup<'g>>),
    /// It has the policy that kubelets need.
    ByPolicy,
    /// Only its name says so: the groups are not in the input.
    ByName,
}

impl<'g> NodeRole<'g> {
    /// Tells why a principal is a role of nodes; `None` if it is not.
    pub(crate) fn of(principal: IamPrincipal<'g>) -> Option<Self> {
        let graph = principal.graph();
        let groups = groups_with(graph, principal.node());
        if !groups.is_empty() {
            return Some(Self::Of(groups));
        }
        if !principal.is_role() {
            return None;
        }
        let kubelet = graph.followed(principal.node(), EdgeKind::HasPolicy).any(|policy| {
            matches!(
                graph.node(policy).name.as_str(),
                "AmazonEKSWorkerNodeMinimalPolicy" | "AmazonEKSWorkerNodePolicy"
            )
        });
        if kubelet {
            return Some(Self::ByPolicy);
        }
        let machines = match principal.trust() {
            Some(trust) => trust.trusts_service("ec2.amazonaws.com").is_some(),
            // Declared somewhere else.
            None => true,
        };
        let written = principal.terraform().and_then(|role| role.text("name").known());
        let names = [written.unwrap_or_default(), principal.address()];
        (machines && names.iter().any(|name| speaks_of_nodes(name))).then_some(Self::ByName)
    }

    /// Names the groups: "node group x" or "nodes".
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Of(groups) => {
                let names: Vec<&str> = groups.iter().map(|group| group.address()).collect();
                format!("the nodes of {}", list(&names))
            }
            Self::ByName | Self::ByPolicy => "nodes".to_owned(),
        }
    }

    /// Notes on a finding what the role is taken for.
    pub(crate) fn note(&self, finding: &mut Finding) {
        match self {
            Self::Of(groups) => {
                for group in groups {
                    finding.proof(group.node(), group.header(), "these nodes have the role");
                }
            }
            Self::ByName => {
                finding.assume("nodes of a cluster have the role, as its name says");
            }
            Self::ByPolicy => {
                finding.assume("nodes of a cluster have the role, as its policy for kubelets says");
            }
        }
    }

    /// Tells whether pods in a network of their own reach the role's credentials on some of its nodes.
    pub(crate) fn pods_reach_it(&self) -> Tri {
        match self {
            Self::Of(groups) => Tri::any(groups.iter().map(|group| group.metadata().pods)),
            Self::ByName | Self::ByPolicy => Tri::Unknown(None),
        }
    }
}

fn speaks_of_nodes(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    words.iter().any(|word| {
        matches!(*word, "kubelet" | "node" | "nodegroup" | "nodes" | "worker" | "workernode" | "workers")
    })
}

/// The node groups whose nodes have an identity.
pub(crate) fn groups_with<'g>(graph: &'g Graph<'_>, identity: NodeId) -> Vec<NodeGroup<'g>> {
    let holders = graph.followed_back(identity, EdgeKind::NodeIdentity);
    holders.filter_map(|node| NodeGroup::of(graph, node)).collect()
}

/// Writes a list for a sentence; long ones are cut.
pub(crate) fn list(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if names.len() <= SHOWN + 1 => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", names[..SHOWN].join(", "), names.len() - SHOWN),
    }
}

/// Tells whether a cloud identity can do everything, or become one that can, by edges that are certain.
pub(crate) fn leads_to_admin(graph: &Graph<'_>, identity: NodeId) -> bool {
    let mut open = vec![identity];
    let mut seen = HashSet::from([identity]);
    while let Some(node) = open.pop() {
        if graph.node(node).kind == NodeKind::CloudAdmin {
            return true;
        }
        for link in graph.edges_from(node) {
            if link.edge.certainty == Certainty::Certain
                && is_cloud_step(link.edge.kind)
                && seen.insert(link.to)
            {
                open.push(link.to);
            }
        }
    }
    false
}

/// A step from one cloud identity to another, or to everything.
pub(crate) fn is_cloud_step(kind: EdgeKind) -> bool {
    matches!(
        kind,
        EdgeKind::AdminPermissions
            | EdgeKind::AssumeRole
            | EdgeKind::AzureRole
            | EdgeKind::EscalatePrivileges
            | EdgeKind::GcpImpersonate
    )
}

/// A way from a principal of AWS to more than it should have: the place to edit, what it is, the edges.
pub(crate) struct Way<'g> {
    /// The action in the statement that gives it.
    pub(crate) place: OriginId,
    /// What the way gives, in words.
    pub(crate) what: String,
    /// The edges behind it.
    pub(crate) edges: Vec<&'g Edge>,
}

/// The ways by which a principal of AWS becomes an administrator or takes over a role that is worth it, one for each
/// place in its policies.
pub(crate) fn ways_up<'g>(principal: IamPrincipal<'g>) -> Vec<Way<'g>> {
    let graph = principal.graph();
    let mut found: Vec<(OriginId, Vec<(&'g Edge, NodeId)>)> = Vec::new();
    for link in graph.edges_from(principal.node()) {
        let counts = match link.edge.kind {
            EdgeKind::EscalatePrivileges => !is_principal(graph, link.to) || leads_to_admin(graph, link.to),
            EdgeKind::AssumeRole => leads_to_admin(graph, link.to),
            _ => false,
        };
        if !counts {
            continue;
        }
        let Some(place) = place(principal.permissions(), link.edge) else { continue };
        match found.iter_mut().find(|(known, _)| *known == place) {
            Some((_, edges)) => edges.push((link.edge, link.to)),
            None => found.push((place, vec![(link.edge, link.to)])),
        }
    }
    let way = |(place, edges): (OriginId, Vec<(&'g Edge, NodeId)>)| Way {
        place,
        what: describe(graph, &edges),
        edges: edges.into_iter().map(|(edge, _)| edge).collect(),
    };
    found.into_iter().map(way).collect()
}

fn is_principal(graph: &Graph<'_>, node: NodeId) -> bool {
    matches!(graph.node(node).kind, NodeKind::IamGroup | NodeKind::IamRole | NodeKind::IamUser)
}

/// The action of an edge in the statement that allows it.
fn place(permissions: &Permissions, edge: &Edge) -> Option<OriginId> {
    let first = edge.because.first()?.origin;
    let statement = permissions.statements().find(|(_, statement)| statement.origin == first);
    Some(match (statement, edge.actions.first()) {
        (Some((_, statement)), Some(action)) => {
            statement.place_of(&iac_graph::cloud::Glob::exact(&action.to_ascii_lowercase()))
        }
        _ => first,
    })
}

fn describe(graph: &Graph<'_>, edges: &[(&Edge, NodeId)]) -> String {
    let mut techniques: Vec<&str> = edges.iter().filter_map(|(edge, _)| edge.technique).collect();
    techniques.dedup();
    let mut targets: Vec<&str> = Vec::new();
    for (_, to) in edges {
        let name = match graph.node(*to).kind {
            NodeKind::CloudAdmin => "an administrator of the account",
            NodeKind::ClusterAdmin => "an administrator of the cluster",
            NodeKind::Account => "any role of the account that the service may have",
            _ => graph.node(*to).address.as_str(),
        };
        if !targets.contains(&name) {
            targets.push(name);
        }
    }
    match techniques.as_slice() {
        [] => format!("can assume {}, which is as good as an administrator", list(&targets)),
        some => format!("can become {} ({})", list(&targets), list(some)),
    }
}
