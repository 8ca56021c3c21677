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
  role_definition_name = "Contributor" # expect: aks-kubelet-identity-over-privileged
  principal_id         = azurerm_kubernetes_cluster.shop.kubelet_identity[0].object_id
}
