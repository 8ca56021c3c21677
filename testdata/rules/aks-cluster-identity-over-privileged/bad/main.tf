data "azurerm_subscription" "current" {}

resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop"

  default_node_pool {
    name = "default"
  }

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_role_assignment" "this" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Contributor" # expect: aks-cluster-identity-over-privileged
  principal_id         = azurerm_kubernetes_cluster.shop.identity[0].principal_id
}
