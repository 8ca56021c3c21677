resource "azurerm_kubernetes_cluster" "shop" {
  name                              = "shop"
  dns_prefix                        = "shop"
  role_based_access_control_enabled = false # expect: aks-rbac-disabled

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
