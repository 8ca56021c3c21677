//! Where paths start and end.

use crate::{EdgeFamily, Graph, NodeId, NodeKind, PathSettings};

/// The class of a path's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entry {
    /// Something inside, taken over in a way that the path does not tell.
    Breach,
    /// Another account, an identity provider outside, anybody with an account.
    External,
    /// The internet.
    Internet,
    /// The network outside of the cluster that is not the internet.
    Network,
}

/// The class of a path's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Goal {
    /// Everything in a cloud account, project or subscription.
    CloudAdmin,
    /// Everything in a cluster.
    ClusterAdmin,
    /// A store with a tag that says how much its data matters.
    Data,
    /// A node.
    Node,
    /// All Secrets of a namespace, or of the cluster.
    Secrets,
}

/// A place that the graph does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the graph has no {address}")]
pub struct UnknownAddress {
    /// What was asked for.
    pub address: String,
}

impl Entry {
    pub(super) fn of(graph: &Graph<'_>, node: NodeId) -> Self {
        match graph.node(node).kind {
            NodeKind::Internet => Self::Internet,
            NodeKind::Network => Self::Network,
            NodeKind::External | NodeKind::AnyPrincipal | NodeKind::Account => Self::External,
            _ => Self::Breach,
        }
    }
}

impl Goal {
    /// The name in reports; that of Secrets and data is the node's address.
    pub fn name(self) -> &'static str {
        match self {
            Self::CloudAdmin => "cloud-admin",
            Self::ClusterAdmin => "cluster-admin",
            Self::Data => "data",
            Self::Node => "node",
            Self::Secrets => "Secrets",
        }
    }

    pub(super) fn of(graph: &Graph<'_>, node: NodeId) -> Option<Self> {
        match graph.node(node).kind {
            NodeKind::CloudAdmin => Some(Self::CloudAdmin),
            NodeKind::ClusterAdmin => Some(Self::ClusterAdmin),
            NodeKind::Secrets => Some(Self::Secrets),
            kind if is_node(kind) => Some(Self::Node),
            _ if graph.is_tagged_data(node) => Some(Self::Data),
            _ => None,
        }
    }
}

fn is_node(kind: NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::AksNodePool
            | NodeKind::EksNodeGroup
            | NodeKind::GkeNodePool
            | NodeKind::Node
            | NodeKind::NodeClass
            | NodeKind::SelfManagedNodeGroup
    )
}

/// The nodes that a place means.
pub(super) fn resolve(graph: &Graph<'_>, place: &str) -> Result<Vec<NodeId>, UnknownAddress> {
    let of = |fits: &dyn Fn(NodeKind) -> bool| -> Vec<NodeId> {
        graph.nodes().filter(|(_, node)| fits(node.kind)).map(|(node, _)| node).collect()
    };
    match place {
        "internet" => return Ok(of(&|kind| kind == NodeKind::Internet)),
        // What the internet reaches, the network reaches too.
        "network" => return Ok(of(&|kind| matches!(kind, NodeKind::Internet | NodeKind::Network))),
        "cloud-admin" => return Ok(of(&|kind| kind == NodeKind::CloudAdmin)),
        "cluster-admin" => return Ok(of(&|kind| kind == NodeKind::ClusterAdmin)),
        "node" => return Ok(of(&is_node)),
        "data" => {
            let all = graph.nodes().map(|(node, _)| node);
            return Ok(all.filter(|node| graph.is_tagged_data(*node)).collect());
        }
        _ => {}
    }
    let found = graph.find_address(place);
    if found.is_empty() {
        // Nobody has to be there for the contract's names to be asked for.
        if place.starts_with("external:") || place.starts_with("Secrets/") {
            return Ok(Vec::new());
        }
        return Err(UnknownAddress { address: place.to_owned() });
    }
    Ok(found.to_vec())
}

/// Where reported paths start.
pub(super) fn starts(graph: &Graph<'_>, settings: &PathSettings) -> Vec<NodeId> {
    let outside = |kind: NodeKind| {
        matches!(
            kind,
            NodeKind::Account
                | NodeKind::AnyPrincipal
                | NodeKind::External
                | NodeKind::Internet
                | NodeKind::Network
        )
    };
    let inside = |kind: NodeKind| {
        matches!(
            kind,
            NodeKind::GcpServiceAccount
                | NodeKind::IamRole
                | NodeKind::IamUser
                | NodeKind::ManagedIdentity
                | NodeKind::ServiceAccount
                | NodeKind::Subject
                | NodeKind::Workload
        )
    };
    let attacks =
        |node: NodeId| graph.edges_from(node).any(|link| link.edge.kind.family() == EdgeFamily::Attack);
    graph
        .nodes()
        .filter(|(id, node)| {
            (outside(node.kind) && attacks(*id)) || (settings.assume_breach && inside(node.kind))
        })
        .map(|(id, _)| id)
        .collect()
}

/// Where reported paths end.
pub(super) fn goals(graph: &Graph<'_>) -> Vec<NodeId> {
    graph
        .nodes()
        .filter(|(id, node)| match Goal::of(graph, *id) {
            Some(Goal::Secrets) => node.address == "Secrets/*",
            Some(Goal::CloudAdmin | Goal::ClusterAdmin | Goal::Data | Goal::Node) => true,
            None => false,
        })
        .map(|(id, _)| id)
        .collect()
}
