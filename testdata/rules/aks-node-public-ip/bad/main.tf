resource "azurerm_kubernetes_cluster" "shop" {
  name       = "shop"
  dns_prefix = "shop"

  default_node_pool {
    name                   = "default"
    vm_size                = "Standard_D4s_v5"
    node_public_ip_enabled = true # expect: aks-node-public-ip
  }
}
