resource "azurerm_container_registry" "shop" {
  name          = "shop"
  admin_enabled = true # expect: acr-admin-enabled
}
