resource "azurerm_kubernetes_cluster" "shop" {
  name       = "shop"
  dns_prefix = "shop"

  addon_profile {
    kube_dashboard {
      enabled = true # expect: aks-kube-dashboard
    }
  }

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
