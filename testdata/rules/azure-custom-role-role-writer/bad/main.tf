resource "azurerm_role_definition" "tool" {
  name  = "tool"
  scope = "/subscriptions/1"

  permissions {
    actions = ["Microsoft.Authorization/roleAssignments/write"] # expect: azure-custom-role-role-writer
  }
}
