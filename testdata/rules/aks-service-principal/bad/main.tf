variable "password" {
  type = string
}

resource "azurerm_kubernetes_cluster" "shop" {
  name = "shop"

  service_principal { # expect: aks-service-principal
    client_id     = "00000000-0000-0000-0000-000000000001"
    client_secret = var.password
  }
}
