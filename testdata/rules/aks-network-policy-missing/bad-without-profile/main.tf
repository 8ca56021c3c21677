resource "azurerm_kubernetes_cluster" "shop" { # expect: aks-network-policy-missing
  name       = "shop"
  dns_prefix = "shop"

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
