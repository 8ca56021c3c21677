resource "azurerm_kubernetes_cluster" "shop" {
  name       = "shop"
  dns_prefix = "shop"

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = false # expect: aks-azure-rbac-disabled
  }

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
