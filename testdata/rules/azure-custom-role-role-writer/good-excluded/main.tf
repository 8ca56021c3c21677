resource "azurerm_role_definition" "tool" {
  name  = "tool"
  scope = "/subscriptions/1"

  permissions {
    actions     = ["Microsoft.Authorization/*"]
    not_actions = ["Microsoft.Authorization/*/write", "Microsoft.Authorization/*/delete"]
  }
}
