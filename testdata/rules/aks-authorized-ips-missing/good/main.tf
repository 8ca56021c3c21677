resource "azurerm_kubernetes_cluster" "shop" {
  name                    = "shop"
  dns_prefix              = "shop"
  private_cluster_enabled = true

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
