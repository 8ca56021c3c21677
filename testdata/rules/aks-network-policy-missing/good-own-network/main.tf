# Whoever brings the network along brings the engine too.
resource "azurerm_kubernetes_cluster" "shop" {
  name       = "shop"
  dns_prefix = "shop"

  network_profile {
    network_plugin = "none"
  }
}
