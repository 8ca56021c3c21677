resource "azurerm_storage_account" "orders" {
  name = "orders"
}

resource "kubernetes_secret" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
  }

  data = {
    KEY = azurerm_storage_account.orders.primary_access_key # expect: azure-credentials-in-kubernetes
  }
}
