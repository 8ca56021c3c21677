resource "azurerm_federated_identity_credential" "web" {
  name      = "web"
  parent_id = "/subscriptions/1/resourceGroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/web"
  audience  = ["api://AzureADTokenExchange"]
  issuer    = "https://issuer.example.com"
  subject   = "system:serviceaccount:shop:*" # expect: aks-federated-credential-wide
}
