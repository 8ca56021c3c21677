resource "azurerm_kubernetes_cluster" "shop" {
  name       = "shop"
  dns_prefix = "shop"

  key_vault_secrets_provider {
    secret_rotation_enabled = false # expect: aks-secret-rotation-disabled
  }

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
