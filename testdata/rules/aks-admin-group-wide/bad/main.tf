resource "azurerm_kubernetes_cluster" "shop" {
  name       = "shop"
  dns_prefix = "shop"

  azure_active_directory_role_based_access_control {
    admin_group_object_ids = ["1", "2", "3", "4"] # expect: aks-admin-group-wide
  }

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
