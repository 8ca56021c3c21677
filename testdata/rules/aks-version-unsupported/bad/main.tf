resource "azurerm_kubernetes_cluster" "shop" {
  name               = "shop"
  dns_prefix         = "shop"
  kubernetes_version = "1.30" # expect: aks-version-unsupported

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
