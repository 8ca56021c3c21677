variable "engine" { # expect?: aks-network-policy-missing
  type = string
}

resource "azurerm_kubernetes_cluster" "shop" {
  name       = "shop"
  dns_prefix = "shop"

  network_profile {
    network_plugin = "azure"
    network_policy = var.engine
  }
}
