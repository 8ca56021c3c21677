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
  scope                = "/subscriptions/1/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/shop/subnets/nodes"
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_kubernetes_cluster.shop.identity[0].principal_id
}
