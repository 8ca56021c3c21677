resource "azurerm_kubernetes_cluster" "shop" {
  name       = "shop"
  dns_prefix = "shop"

  microsoft_defender {
    log_analytics_workspace_id = "/subscriptions/1/resourceGroups/shop/providers/Microsoft.OperationalInsights/workspaces/shop"
  }

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}
