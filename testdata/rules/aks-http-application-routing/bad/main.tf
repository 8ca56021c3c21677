resource "azurerm_kubernetes_cluster" "shop" {
  name                             = "shop"
  dns_prefix                       = "shop"
  http_application_routing_enabled = true # expect: aks-http-application-routing

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
