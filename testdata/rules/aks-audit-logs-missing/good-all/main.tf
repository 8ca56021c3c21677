resource "azurerm_kubernetes_cluster" "shop" {
  name       = "shop"
  dns_prefix = "shop"

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}

resource "azurerm_monitor_diagnostic_setting" "shop" {
  name               = "shop"
  target_resource_id = azurerm_kubernetes_cluster.shop.id

  enabled_log {
    category_group = "allLogs"
  }
}
