//! What cloud resources mean: identities, permissions, trust.
//!
//! Everything here is pure: it reads values and answers questions with three outcomes. The nodes and edges made of
//! the answers are the business of `ingest` and `edges`.

pub mod aws;
pub mod azure;
mod data_stores;
mod glob;
pub mod google;
mod helm_release;
pub(crate) mod identity_links;
mod index;
mod karpenter;
mod metadata;
pub(crate) mod names;
mod node_group;
mod provider;
pub(crate) mod terraform;

pub use glob::Glob;
pub use helm_release::HelmRelease;
pub use identity_links::{IdentityLink, Mechanism};
pub(crate) use index::CloudIndex;
pub use metadata::MetadataAccess;
pub(crate) use node_group::INLINE_POOL;
pub use node_group::{Cloud, NodeGroup, Taint};
pub use provider::KubernetesProvider;
pub use terraform::TerraformResource;
