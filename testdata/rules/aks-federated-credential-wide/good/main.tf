resource "azuread_application_flexible_federated_identity_credential" "web" {
  application_id             = "/applications/1"
  display_name               = "web"
  audience                   = "api://AzureADTokenExchange"
  issuer                     = "https://issuer.example.com"
  claims_matching_expression = "claims['sub'] eq 'system:serviceaccount:shop:web'"
}
