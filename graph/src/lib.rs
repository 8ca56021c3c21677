//! Resources become one graph: identities, permissions, reachability, attack paths.
//!
//! [`Graph::build`] takes what the parsers made. `ingest` decides what each resource means and gives it a node,
//! `kubernetes` and `cloud` are typed views of the resources, `edges` links the nodes. Rules ask the graph for
//! views (`graph.containers()`, `graph.roles()`) and follow its edges; they never see how it is stored.

mod additions;
mod alias;
pub mod cloud;
mod edge;
mod edges;
#[cfg(test)]
mod fixture;
mod graph;
mod homes;
mod ingest;
pub mod kubernetes;
mod node;
mod paths;
mod settings;
mod tri;
mod variant;
mod view;

pub use additions::Additions;
pub use alias::Alias;
pub use edge::{Certainty, Edge, EdgeFamily, EdgeId, EdgeKind, Proof};
pub use graph::{Graph, Link};
pub use node::{Node, NodeId, NodeKind};
pub use paths::{AttackPaths, ChokePoint, Entry, Goal, Path, PathSettings, PathSeverity, UnknownAddress};
pub use settings::{KubernetesVersion, Settings};
pub use tri::Tri;
pub use variant::Variant;
pub use view::View;
