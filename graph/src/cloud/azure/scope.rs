//! Where a role is assigned.

use iac_model::Store;

use crate::cloud::glob::Glob;

/// The level of an assignment's scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AzureScope {
    /// Not known.
    Unknown,
    /// One resource.
    Resource,
    /// A resource group.
    ResourceGroup,
    /// A subscription.
    Subscription,
    /// A management group or the tenant.
    ManagementGroup,
}

impl AzureScope {
    /// Reads a scope: an id by its segments, a symbol by the type of what it belongs to.
    ///
    /// Source: Azure RBAC, "Understand scope for Azure RBAC".
    pub fn read(store: &Store, scope: &Glob) -> Self {
        if let Some((symbol, rest)) = scope.leading_symbol() {
            let symbol = store.symbols.get(symbol);
            let (Some(resource), Some(attribute)) = (&symbol.resource, &symbol.attribute) else {
                return Self::Unknown;
            };
            let last = resource.rsplit_once('.').map_or(resource.as_str(), |(head, _)| head);
            let kind = last.rsplit('.').next().unwrap_or_default();
            let below = rest.split(b'/', 9).len() > 1;
            return match (kind, attribute.as_str(), below) {
                ("azurerm_subscription" | "azurerm_client_config", _, false) => Self::Subscription,
                ("azurerm_management_group" | "azurerm_tenant", _, false) => Self::ManagementGroup,
                ("azurerm_resource_group", _, false) | (_, "node_resource_group_id", false) => {
                    Self::ResourceGroup
                }
                ("azurerm_subscription" | "azurerm_client_config", _, true) => Self::of_segments(&rest, 2),
                (_, "id", _) => Self::Resource,
                _ => Self::Unknown,
            };
        }
        Self::of_segments(scope, 0)
    }

    /// `/subscriptions/S/resourceGroups/G/providers/...`; `known` segments stand before.
    fn of_segments(scope: &Glob, known: usize) -> Self {
        if scope.strip_prefix("/providers/Microsoft.Management/managementGroups/").is_some()
            || *scope == Glob::exact("/")
        {
            return Self::ManagementGroup;
        }
        let text = scope.to_string();
        let segments = text.split('/').filter(|segment| !segment.is_empty()).count() + known;
        match segments {
            2 => Self::Subscription,
            4 => Self::ResourceGroup,
            5.. => Self::Resource,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::aws::testing::Bench;

    #[test]
    fn scopes_have_levels() {
        let bench = Bench::new();
        let table = [
            ("/subscriptions/0000", AzureScope::Subscription),
            ("/subscriptions/0000/resourceGroups/rg", AzureScope::ResourceGroup),
            (
                "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/x",
                AzureScope::Resource,
            ),
            ("/providers/Microsoft.Management/managementGroups/root", AzureScope::ManagementGroup),
            ("<data.azurerm_subscription.current.id>", AzureScope::Subscription),
            ("<data.azurerm_subscription.current.id>/resourceGroups/rg", AzureScope::ResourceGroup),
            ("<azurerm_resource_group.rg.id>", AzureScope::ResourceGroup),
            ("<module.x.azurerm_storage_account.s.id>", AzureScope::Resource),
            ("/subscriptions/<var.id>", AzureScope::Subscription),
            ("<var.scope>", AzureScope::Unknown),
        ];
        for (scope, expected) in table {
            assert_eq!(AzureScope::read(&bench.store, &bench.glob(scope)), expected, "{scope}");
        }
    }
}
