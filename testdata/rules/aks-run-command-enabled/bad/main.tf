resource "azurerm_kubernetes_cluster" "shop" {
  name                = "shop"
  dns_prefix          = "shop"
  run_command_enabled = true # expect: aks-run-command-enabled

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
