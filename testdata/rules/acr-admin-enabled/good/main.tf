resource "azurerm_container_registry" "shop" {
  name          = "shop"
  admin_enabled = false
}
