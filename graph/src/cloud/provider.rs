//! How Terraform talks to a cluster: `provider` blocks.

use iac_model::{Attr, Mode, OriginId, Resource, ResourceKind, Value};

use super::terraform::first_block;
use crate::{Graph, NodeId, View};

/// A provider block that holds a connection to a cluster: of the providers `kubernetes`, `kubectl` and `helm`.
///
/// Source of the arguments: Terraform providers hashicorp/kubernetes and hashicorp/helm, "Authentication".
#[derive(Clone, Copy, Debug)]
pub struct KubernetesProvider<'g> {
    graph: &'g Graph<'g>,
    node: NodeId,
    settings: &'g Value,
}

impl<'g> Graph<'g> {
    /// The provider blocks that hold a connection to a cluster.
    pub fn kubernetes_providers<'s>(&'s self) -> impl Iterator<Item = KubernetesProvider<'s>> + use<'s, 'g> {
        self.nodes().filter_map(|(node, data)| {
            let resource: &Resource = self.resource_at(data.resource?)?;
            let ResourceKind::Terraform(id) = &resource.kind else { return None };
            if id.mode != Mode::Provider {
                return None;
            }
            let settings = match id.resource_type.as_str() {
                "kubectl" | "kubernetes" => &resource.body,
                "helm" => first_block(&resource.body, "kubernetes").known()?,
                _ => return None,
            };
            Some(KubernetesProvider { graph: self, node, settings })
        })
    }
}

impl<'g> View<'g> for KubernetesProvider<'g> {
    fn graph(self) -> &'g Graph<'g> {
        self.graph
    }

    fn node(self) -> NodeId {
        self.node
    }
}

impl<'g> KubernetesProvider<'g> {
    /// `insecure`: the certificate of the API server is not checked. Absent: false.
    pub fn insecure(self) -> Attr<bool> {
        self.settings.attr_bool("insecure")
    }

    /// The argument that holds a secret in plain text, and its place.
    pub fn credential(self) -> Option<(&'static str, OriginId)> {
        ["token", "password", "client_key"].into_iter().find_map(|key| match self.settings.attr_str(key) {
            Attr::Known(secret, at) if !secret.is_empty() => Some((key, at)),
            Attr::Known(..) | Attr::Absent(_) | Attr::Unknown(..) => None,
        })
    }

    /// Tells whether the cluster is on the machine itself.
    pub fn is_local(self) -> bool {
        let host = self.settings.attr_str("host").known().unwrap_or_default();
        let host = host.split_once("://").map_or(host, |(_, rest)| rest);
        ["127.0.0.1", "[::1]", "localhost"].iter().any(|local| {
            host.strip_prefix(local).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        })
    }
}
