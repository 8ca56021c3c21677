data "azurerm_subscription" "current" {}

resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop"

  default_node_pool {
    name = "default"
  }

  identity {
    type = "SystemAssigned"
  }
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

resource "azurerm_role_assignment" "this" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Owner" # expect: aks-workload-identity-over-privileged
  principal_id         = azurerm_user_assigned_identity.web.principal_id
}
