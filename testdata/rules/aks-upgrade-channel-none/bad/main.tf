resource "azurerm_kubernetes_cluster" "shop" {
  name                      = "shop"
  dns_prefix                = "shop"
  automatic_upgrade_channel = "none" # expect: aks-upgrade-channel-none

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
