resource "azurerm_kubernetes_cluster" "shop" {
  name               = "shop"
  dns_prefix         = "shop"
  kubernetes_version = "1.35"

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
