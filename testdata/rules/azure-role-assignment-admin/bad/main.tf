data "azurerm_subscription" "current" {}

resource "azurerm_role_assignment" "this" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Owner" # expect: azure-role-assignment-admin
  principal_id         = "00000000-0000-0000-0000-000000000001"
}
