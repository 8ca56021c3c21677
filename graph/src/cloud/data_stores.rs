//! Stores of data that matters.

use super::TerraformResource;
use crate::{Graph, NodeId, NodeKind};

/// Tags that say how much data matters, and what they say then.
const TAGS: [&str; 4] =
    ["data-classification", "data_classification", "dataclassification", "classification"];
const LEVELS: [&str; 6] = ["confidential", "restricted", "pii", "secret", "sensitive", "highly-confidential"];

impl Graph<'_> {
    /// Tells whether a node is a store of data that a tag or label calls confidential, restricted or personal.
    pub fn is_tagged_data(&self, node: NodeId) -> bool {
        let store = matches!(
            self.node(node).kind,
            NodeKind::Bucket
                | NodeKind::CloudSecret
                | NodeKind::CloudSql
                | NodeKind::Database
                | NodeKind::GcsBucket
                | NodeKind::KeyVault
                | NodeKind::SecretManagerSecret
                | NodeKind::StorageAccount
        );
        let Some(resource) = TerraformResource::of(self, node).filter(|_| store) else { return false };
        ["tags", "tags_all", "labels"].iter().filter_map(|key| resource.attr(key).known()).any(|tags| {
            tags.as_map().into_iter().flatten().any(|tag| {
                let name = tag.key.to_str_lossy().to_ascii_lowercase();
                let level = tag.value.as_str().map(str::to_ascii_lowercase);
                TAGS.contains(&name.as_str()) && level.is_some_and(|level| LEVELS.contains(&level.as_str()))
            })
        })
    }
}
