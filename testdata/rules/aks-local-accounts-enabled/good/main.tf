resource "azurerm_kubernetes_cluster" "shop" {
  name                   = "shop"
  dns_prefix             = "shop"
  local_account_disabled = true

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
