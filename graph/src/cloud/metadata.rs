//! Who can reach the metadata service of a node, and through it the node's credentials.

use iac_model::{Attr, OriginId, Value};

use super::NodeGroup;
use super::names::Family;
use super::terraform::{TerraformResource, within};
use crate::{Proof, Tri, View};

/// Who can reach the credentials of a node.
#[derive(Clone, Debug)]
pub struct MetadataAccess {
    /// Pods in their own network namespace.
    pub pods: Tri,
    /// Pods in the node's network namespace, and whatever else runs on the node.
    pub host: Tri,
    /// What is taken for granted.
    pub assumes: Vec<String>,
    /// The settings that decide.
    pub because: Vec<Proof>,
}

impl MetadataAccess {
    pub(crate) fn new(pods: Tri, because: Vec<Proof>) -> Self {
        Self { pods, host: Tri::Yes, assumes: Vec::new(), because }
    }

    #[must_use]
    pub(crate) fn assuming(mut self, text: impl Into<String>) -> Self {
        self.assumes.push(text.into());
        self
    }

    /// The name in reports: `pods`, `host-only`, `none`. What may be reachable counts as reachable.
    pub fn name(&self) -> &'static str {
        match (self.pods.may(), self.host.may()) {
            (true, _) => "pods",
            (false, true) => "host-only",
            (false, false) => "none",
        }
    }

    /// Azure has no setting that keeps pods away.
    ///
    /// Source: AKS, "Use managed identities": the kubelet identity is served to every process on the node.
    pub(crate) fn azure(group: NodeGroup<'_>) -> Self {
        Self::new(Tri::Yes, vec![at(group, group.settings().origin)])
    }

    /// Source: GKE, "About Workload Identity Federation for GKE"; `google_container_node_pool`,
    /// `workload_metadata_config`.
    pub(crate) fn google(group: NodeGroup<'_>) -> Self {
        let mode = match group.node_config() {
            Attr::Known(config, _) => {
                within(config, &["workload_metadata_config", "mode"]).and(Value::as_str)
            }
            Attr::Absent(origin) => Attr::Absent(origin),
            Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
        };
        let legacy = match group.node_config() {
            Attr::Known(config, _) => {
                within(config, &["workload_metadata_config", "node_metadata"]).and(Value::as_str)
            }
            _ => Attr::Absent(mode.origin()),
        };
        let mode = mode.or(|_| legacy);
        let because = vec![at(group, mode.origin())];
        let clusters: Vec<TerraformResource<'_>> =
            gke_clusters(group).filter(|cluster| !cluster.is_data()).collect();
        let autopilot = clusters.iter().any(|cluster| cluster.body().attr_bool("enable_autopilot").is(true));
        if autopilot {
            return Self::new(Tri::No, because);
        }
        match mode {
            Attr::Known("GKE_METADATA" | "GKE_METADATA_SERVER", _) => Self::new(Tri::No, because),
            Attr::Known(..) => Self::new(Tri::Yes, because),
            Attr::Unknown(symbol, _) => Self::new(Tri::Unknown(Some(symbol)), because),
            Attr::Absent(_) => {
                let pool = |cluster: &TerraformResource<'_>| {
                    !cluster.within(&["workload_identity_config", "workload_pool"]).is_absent()
                };
                // Pools that are made in a cluster with workload identity get the metadata server.
                if clusters.iter().any(pool) {
                    Self::new(Tri::No, because)
                        .assuming("the pool was made after workload identity was enabled")
                } else if clusters.is_empty() {
                    Self::new(Tri::Unknown(None), because)
                } else {
                    Self::new(Tri::Yes, because)
                }
            }
        }
    }
}

fn gke_clusters<'g>(group: NodeGroup<'g>) -> impl Iterator<Item = TerraformResource<'g>> {
    let graph = group.graph();
    let nodes = match (group.enclosing_cluster(), group.settings().get("cluster")) {
        (Some(cluster), _) => vec![cluster],
        (None, Some(cluster)) => graph.referred(Family::GkeCluster, cluster, group.node()),
        (None, None) => Vec::new(),
    };
    nodes.into_iter().filter_map(move |node| TerraformResource::of(graph, node))
}

pub(crate) fn at(group: NodeGroup<'_>, origin: OriginId) -> Proof {
    Proof { origin, address: group.address().to_owned() }
}
