resource "azurerm_kubernetes_cluster" "shop" {
  name                    = "shop"
  dns_prefix              = "shop"
  private_cluster_enabled = false # expect: aks-endpoint-public

  api_server_access_profile {
    authorized_ip_ranges = ["192.0.2.0/24"]
  }

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
