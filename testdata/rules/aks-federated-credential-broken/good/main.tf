resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop"
}

resource "azurerm_user_assigned_identity" "web" {
  name = "web"
}

resource "azurerm_federated_identity_credential" "web" {
  name      = "web"
  parent_id = azurerm_user_assigned_identity.web.id
  audience  = ["api://AzureADTokenExchange"]
  issuer    = azurerm_kubernetes_cluster.shop.oidc_issuer_url
  subject   = "system:serviceaccount:shop:web"
}

resource "kubernetes_service_account" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
    annotations = {
      "azure.workload.identity/client-id" = azurerm_user_assigned_identity.web.client_id
    }
  }
}
