resource "azurerm_kubernetes_cluster" "shop" {
  name                   = "shop"
  dns_prefix             = "shop"
  disk_encryption_set_id = "/subscriptions/1/resourceGroups/shop/providers/Microsoft.Compute/diskEncryptionSets/shop"

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
