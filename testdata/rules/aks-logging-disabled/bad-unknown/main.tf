variable "cluster_id" {
  type = string
}

resource "azurerm_kubernetes_cluster" "shop" { # expect?: aks-logging-disabled
  name       = "shop"
  dns_prefix = "shop"

  default_node_pool {
    name    = "default"
    vm_size = "Standard_D4s_v5"
  }
}

resource "azurerm_monitor_diagnostic_setting" "some" {
  name               = "some"
  target_resource_id = var.cluster_id

  enabled_log {
    category = "kube-audit-admin"
  }
}
