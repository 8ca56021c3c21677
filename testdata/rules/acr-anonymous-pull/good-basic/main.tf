resource "azurerm_container_registry" "shop" {
  name                   = "shop"
  sku                    = "Basic"
  anonymous_pull_enabled = true
}
