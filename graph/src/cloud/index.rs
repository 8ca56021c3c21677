//! What is worked out once and asked often.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::aws::{Arn, Attachment, Issuer, Permissions, Policy};
use super::google::GoogleBinding;
use super::names::Names;
use super::terraform::{TypeIndex, index_types};
use crate::{Graph, NodeId};

/// Answers about the cloud half of a graph, each worked out when it is first asked for. They rest on the
/// resources, and permissions also on the nodes of principals that only attachments name: these exist once structural
/// edges are linked, so only attack edges and rules may ask for permissions.
#[derive(Debug, Default)]
pub(crate) struct CloudIndex {
    types: OnceLock<TypeIndex>,
    names: OnceLock<Names>,
    attachments: OnceLock<Vec<Attachment>>,
    permissions: OnceLock<HashMap<NodeId, Arc<Permissions>>>,
    trusts: OnceLock<HashMap<NodeId, Arc<Policy>>>,
    arns: OnceLock<HashMap<NodeId, Vec<Arn>>>,
    issuers: OnceLock<HashMap<NodeId, Issuer>>,
    google_bindings: OnceLock<Vec<GoogleBinding>>,
    none: Permissions,
}

impl CloudIndex {
    pub(crate) fn types(&self, graph: &Graph<'_>) -> &TypeIndex {
        self.types.get_or_init(|| index_types(graph))
    }

    pub(crate) fn names(&self, graph: &Graph<'_>) -> &Names {
        self.names.get_or_init(|| Names::build(graph))
    }

    pub(crate) fn attachments(&self, graph: &Graph<'_>) -> &[Attachment] {
        self.attachments.get_or_init(|| super::aws::attachments(graph))
    }

    pub(crate) fn permissions(&self, graph: &Graph<'_>) -> &HashMap<NodeId, Arc<Permissions>> {
        self.permissions.get_or_init(|| super::aws::all_permissions(graph))
    }

    /// What a principal without policies may do.
    pub(crate) fn no_permissions(&self) -> &Permissions {
        &self.none
    }

    pub(crate) fn trusts(&self, graph: &Graph<'_>) -> &HashMap<NodeId, Arc<Policy>> {
        self.trusts.get_or_init(|| super::aws::all_trusts(graph))
    }

    pub(crate) fn arns(&self, graph: &Graph<'_>) -> &HashMap<NodeId, Vec<Arn>> {
        self.arns.get_or_init(|| super::aws::all_arns(graph))
    }

    pub(crate) fn google_bindings(&self, graph: &Graph<'_>) -> &[GoogleBinding] {
        self.google_bindings.get_or_init(|| super::google::all_bindings(graph))
    }

    pub(crate) fn issuers(&self, graph: &Graph<'_>) -> &HashMap<NodeId, Issuer> {
        self.issuers.get_or_init(|| super::aws::all_issuers(graph))
    }
}
