resource "azurerm_kubernetes_cluster" "shop" {
  name                      = "shop"
  oidc_issuer_enabled       = true
  workload_identity_enabled = true
}
