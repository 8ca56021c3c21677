resource "azurerm_container_registry" "shop" {
  name                   = "shop"
  anonymous_pull_enabled = true # expect: acr-anonymous-pull
}
