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
  scope                = "/subscriptions/1/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/orders"
  role_definition_name = "Storage Blob Data Contributor" # expect: aks-kubelet-identity-extra-role
  principal_id         = azurerm_kubernetes_cluster.shop.kubelet_identity[0].object_id
}
