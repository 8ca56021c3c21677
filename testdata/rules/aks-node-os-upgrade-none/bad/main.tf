resource "azurerm_kubernetes_cluster" "shop" {
  name                    = "shop"
  dns_prefix              = "shop"
  node_os_upgrade_channel = "None" # expect: aks-node-os-upgrade-none

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
