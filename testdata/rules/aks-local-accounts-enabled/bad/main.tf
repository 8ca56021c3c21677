resource "azurerm_kubernetes_cluster" "shop" {
  name                   = "shop"
  dns_prefix             = "shop"
  local_account_disabled = false # expect: aks-local-accounts-enabled

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
