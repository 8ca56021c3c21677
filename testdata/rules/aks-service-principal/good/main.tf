resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop"

  default_node_pool {
    name = "default"
  }

  identity {
    type = "SystemAssigned"
  }
}
