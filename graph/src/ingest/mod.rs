//! What each resource means: which node it is, and for Kubernetes which object.

mod bootstrap;
mod kubernetes;
mod lowering;
mod patches;
mod pods;
mod synthesised;
mod terraform;
mod variants;

use iac_model::{KubernetesId, Resource, ResourceKind, Value};

pub(crate) use bootstrap::is_bootstrap_role;
pub(crate) use kubernetes::{Location, PodLocation};
#[cfg(test)]
pub(crate) use kubernetes::{address_of, identify};
pub(crate) use terraform::is_cluster;

use crate::homes::Homes;
use crate::{Graph, NodeId};

/// A Kubernetes object with its manifest-shaped body.
#[derive(Debug)]
pub(crate) struct ObjectData {
    /// Its names.
    pub(crate) id: KubernetesId,
    /// Its body.
    pub(crate) body: Body,
    /// Its node.
    pub(crate) node: NodeId,
    /// Its pod templates, if it runs pods.
    pub(crate) pods: Vec<PodLocation>,
    /// The nodes of the containers of each of them, in the order of `Workload::containers`.
    pub(crate) containers: Vec<Vec<NodeId>>,
}

/// Where an object's body is.
#[derive(Debug)]
pub(crate) enum Body {
    /// Made by us: an item of a list, a lowered Terraform resource, a bootstrap role.
    Own(Value),
    /// The body of the resource at this position.
    Resource(usize),
}

impl Graph<'_> {
    pub(crate) fn body_of(&self, object: u32) -> &Value {
        match &self.objects[object as usize].body {
            Body::Own(value) => value,
            Body::Resource(index) => &self.resources[*index].body,
        }
    }
}

/// Takes the resources into the graph.
pub(crate) fn ingest(graph: &mut Graph<'_>, resources: Vec<Resource>) {
    graph.homes = Homes::new(graph.store, &resources);
    let mut variants = variants::Variants::new(graph, &resources);
    for resource in resources {
        match &resource.kind {
            ResourceKind::Kubernetes(id) => {
                let id = id.clone();
                kubernetes::ingest(graph, &mut variants, resource, &id);
            }
            ResourceKind::Terraform(id) => {
                let id = id.clone();
                terraform::ingest(graph, resource, &id);
            }
        }
    }
    graph.renderings = variants.sets();
    graph.value_sets = variants.names();
    patches::apply(graph);
    bootstrap::add(graph);
}
