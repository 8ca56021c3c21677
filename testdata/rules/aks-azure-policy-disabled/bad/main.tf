resource "azurerm_kubernetes_cluster" "shop" {
  name                 = "shop"
  dns_prefix           = "shop"
  azure_policy_enabled = false # expect: aks-azure-policy-disabled

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
