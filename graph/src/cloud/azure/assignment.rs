//! Role assignments: who has which role, and where.

use iac_model::{OriginId, Value};

use super::{AzureRole, AzureScope, role_name};
use crate::cloud::names::Family;
use crate::cloud::terraform::{blocks, elements, glob, terraform_view};
use crate::cloud::{Glob, TerraformResource};
use crate::{EdgeKind, Graph, NodeId, NodeKind, View};

terraform_view! {
    /// Role assignments.
    RoleAssignment, azure_role_assignments = "azurerm_role_assignment"
}

terraform_view! {
    /// Roles of one's own.
    RoleDefinition, azure_role_definitions = "azurerm_role_definition"
}

impl RoleDefinition<'_> {
    /// What it allows; `None` if it has no permissions.
    pub fn role(self) -> Option<AzureRole> {
        let permissions = blocks(self.0.body(), "permissions").next()?;
        let list = |key: &str| -> Vec<Glob> {
            let values = permissions.get(key).map_or(&[][..], elements);
            values.iter().filter_map(Value::as_str).map(Glob::pattern).collect()
        };
        Some(AzureRole::custom(
            &list("actions"),
            &list("not_actions"),
            &list("data_actions"),
            &list("not_data_actions"),
        ))
    }

    /// Where it lists the pattern that covers an action of the control plane.
    pub fn place_of(self, action: &str) -> Option<OriginId> {
        let wanted = Glob::exact(&action.to_ascii_lowercase());
        let patterns = self.0.words(&["permissions", "actions"]);
        patterns.find(|pattern| Glob::pattern(&pattern.to_ascii_lowercase()).matches(&wanted).is_yes())
    }
}

impl<'g> RoleAssignment<'g> {
    /// The level of its scope; `None` if no scope is written.
    pub fn level(self) -> Option<AzureScope> {
        let scope = self.0.body().get("scope")?;
        Some(AzureScope::read(self.graph().store(), &glob(self.graph(), scope)))
    }

    /// The resources of the input that its scope names.
    pub fn on(self) -> Vec<NodeId> {
        let symbol = self.0.body().get("scope").and_then(Value::symbol);
        symbol.map_or_else(Vec::new, |symbol| self.graph().find_symbol(symbol).to_vec())
    }

    /// Tells whether its scope is a subscription or more, or the resource group of a cluster: what holds there holds
    /// for the cluster's nodes and network.
    pub fn is_wide(self) -> bool {
        match self.level() {
            Some(AzureScope::ManagementGroup | AzureScope::Subscription) => true,
            Some(AzureScope::ResourceGroup) => {
                self.on().into_iter().any(|group| is_cluster_group(self.graph(), group))
            }
            Some(AzureScope::Resource | AzureScope::Unknown) | None => false,
        }
    }

    /// Whom it gives the role, as far as the input holds them, after structural linking.
    pub fn holders(self) -> Vec<NodeId> {
        match self.0.body().get("principal_id") {
            Some(principal) => principals(self.graph(), principal, self.node()),
            None => Vec::new(),
        }
    }

    /// Where the role is named.
    pub fn role_at(self) -> OriginId {
        let name = self.0.attr("role_definition_name");
        if name.is_absent() { self.0.attr("role_definition_id").origin() } else { name.origin() }
    }

    /// The name of the role, if it is built-in and known.
    pub fn role_name(self) -> Option<String> {
        if let Some(name) = self.0.body().get("role_definition_name").filter(|name| !name.is_null()) {
            return glob(self.graph(), name).as_known();
        }
        let definition = self.0.body().get("role_definition_id")?;
        if let Some(name) = definition.as_str().and_then(role_name) {
            return Some(name.to_owned());
        }
        self.definitions(definition).find(|one| one.is_data())?.text("name").known().map(str::to_owned)
    }

    /// The role.
    pub fn role(self) -> AzureRole {
        if let Some(name) = self.role_name() {
            let own = self.graph().azure_role_definitions().find(|definition| {
                definition.terraform().shares_root(self.0)
                    && definition.terraform().text("name").is(name.as_str())
            });
            let own = own.and_then(RoleDefinition::role);
            return own.unwrap_or_else(|| AzureRole::named(&Glob::exact(&name)));
        }
        let Some(definition) = self.0.body().get("role_definition_id") else {
            return AzureRole::named(&Glob::unknown());
        };
        let custom =
            self.definitions(definition).filter_map(|resource| RoleDefinition(resource).role()).next();
        custom.unwrap_or_else(|| AzureRole::named(&Glob::unknown()))
    }

    fn definitions(self, definition: &Value) -> impl Iterator<Item = TerraformResource<'g>> + use<'g> {
        let graph = self.graph();
        let nodes = definition.symbol().map_or(&[][..], |symbol| graph.find_symbol(symbol));
        nodes.iter().filter_map(move |node| TerraformResource::of(graph, *node))
    }
}

/// The id of an identity that AKS makes for a cluster: `kubelet` or `control-plane`.
pub(crate) fn made_for(cluster: &str, purpose: &str) -> String {
    format!("implicit:{purpose}-identity/{cluster}")
}

/// Whom an object id means: an identity, or one that AKS made for a cluster.
fn principals(graph: &Graph<'_>, principal: &Value, from: NodeId) -> Vec<NodeId> {
    let Some(symbol) = principal.symbol() else {
        return graph.referred(Family::ManagedIdentity, principal, from);
    };
    let attribute = graph.store().symbols.get(symbol).attribute.clone().unwrap_or_default();
    let mut found = Vec::new();
    for &node in graph.find_symbol(symbol) {
        let data = graph.node(node);
        match data.kind {
            NodeKind::ManagedIdentity | NodeKind::ServicePrincipal => found.push(node),
            NodeKind::AksCluster => {
                let kubelet = attribute.starts_with("kubelet_identity");
                if kubelet {
                    // The written identity of the pools, if there is one, stands for the computed attribute.
                    let pools = graph.followed_back(node, EdgeKind::NodeOf);
                    found.extend(pools.flat_map(|pool| graph.followed(pool, EdgeKind::NodeIdentity)));
                }
                // Other attributes are the identities of add-ons.
                let control_plane = attribute.starts_with("identity");
                if found.is_empty() && (kubelet || control_plane) {
                    let purpose = if kubelet { "kubelet" } else { "control-plane" };
                    found.extend(graph.find_id(&made_for(&data.address, purpose)));
                }
            }
            _ => {}
        }
    }
    found.sort();
    found.dedup();
    found
}

/// A resource names its group by the group's name, known or as a symbol.
pub(crate) fn is_in_group(graph: &Graph<'_>, resource: TerraformResource<'_>, group: NodeId) -> bool {
    let Some(group) = TerraformResource::of(graph, group) else { return false };
    let Some(name) = resource.body().get("resource_group_name") else { return false };
    group.name_of("name").matches(&glob(graph, name)).is_yes()
        || name.symbol().is_some_and(|symbol| graph.find_symbol(symbol).contains(&group.node()))
}

/// Tells whether a resource group holds an AKS cluster.
pub(crate) fn is_cluster_group(graph: &Graph<'_>, group: NodeId) -> bool {
    graph.terraform("azurerm_kubernetes_cluster").any(|cluster| is_in_group(graph, cluster, group))
}
