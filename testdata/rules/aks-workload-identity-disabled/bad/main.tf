resource "azurerm_kubernetes_cluster" "shop" { # expect: aks-workload-identity-disabled
  name = "shop"
}
