resource "azurerm_kubernetes_cluster" "shop" {
  name       = "shop"
  dns_prefix = "shop"

  key_management_service {
    key_vault_key_id = "https://shop.vault.azure.net/keys/etcd/1"
  }

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
