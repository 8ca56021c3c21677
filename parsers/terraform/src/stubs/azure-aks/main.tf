# The cluster of Azure/aks/azurerm, versions 7 to 11.

variable "not_known" {}

variable "cluster_name" { default = null }
variable "prefix" { default = "" }
variable "private_cluster_enabled" {
  default  = false
  nullable = false
}
variable "api_server_authorized_ip_ranges" { default = null }
variable "api_server_subnet_id" { default = null }
variable "role_based_access_control_enabled" {
  default  = false
  nullable = false
}
variable "rbac_aad" {
  default  = true
  nullable = false
}
variable "local_account_disabled" { default = null }
variable "oidc_issuer_enabled" {
  default  = false
  nullable = false
}
variable "workload_identity_enabled" {
  default  = false
  nullable = false
}
variable "azure_policy_enabled" {
  default  = false
  nullable = false
}
variable "run_command_enabled" {
  default  = true
  nullable = false
}
variable "network_plugin" {
  default  = "kubenet"
  nullable = false
}
variable "network_policy" { default = null }
variable "only_critical_addons_enabled" { default = null }
variable "client_id" {
  default  = ""
  nullable = false
}
variable "client_secret" {
  default  = ""
  nullable = false
}
variable "identity_type" {
  default  = "SystemAssigned"
  nullable = false
}
variable "identity_ids" { default = null }
variable "kms_enabled" {
  default  = false
  nullable = false
}
variable "kms_key_vault_key_id" { default = null }
variable "kms_key_vault_network_access" {
  default  = "Public"
  nullable = false
}
variable "key_vault_secrets_provider_enabled" {
  default  = false
  nullable = false
}
variable "secret_rotation_enabled" {
  default  = false
  nullable = false
}
variable "microsoft_defender_enabled" {
  default  = false
  nullable = false
}
variable "agents_pool_name" { default = "nodepool" }

resource "azurerm_kubernetes_cluster" "main" {
  name                              = var.cluster_name == null ? var.not_known : var.cluster_name
  private_cluster_enabled           = var.private_cluster_enabled
  role_based_access_control_enabled = var.role_based_access_control_enabled
  local_account_disabled            = var.local_account_disabled
  oidc_issuer_enabled               = var.oidc_issuer_enabled
  workload_identity_enabled         = var.workload_identity_enabled
  azure_policy_enabled              = var.azure_policy_enabled
  run_command_enabled               = var.run_command_enabled

  default_node_pool {
    name                         = var.agents_pool_name
    only_critical_addons_enabled = var.only_critical_addons_enabled
  }

  network_profile {
    network_plugin = var.network_plugin
    network_policy = var.network_policy
  }

  dynamic "api_server_access_profile" {
    for_each = var.api_server_authorized_ip_ranges == null && var.api_server_subnet_id == null ? [] : [1]
    content {
      authorized_ip_ranges = var.api_server_authorized_ip_ranges
    }
  }

  # Which of the inputs of Entra matter differs between versions; that there is such a block does not.
  dynamic "azure_active_directory_role_based_access_control" {
    for_each = var.role_based_access_control_enabled && var.rbac_aad ? [1] : []
    content {
      azure_rbac_enabled = var.not_known
    }
  }

  dynamic "identity" {
    for_each = var.client_id == "" || var.client_secret == "" ? [1] : []
    content {
      type         = var.identity_type
      identity_ids = var.identity_ids
    }
  }

  dynamic "service_principal" {
    for_each = var.client_id != "" && var.client_secret != "" ? [1] : []
    content {
      client_id     = var.client_id
      client_secret = var.client_secret
    }
  }

  dynamic "key_management_service" {
    for_each = var.kms_enabled ? [1] : []
    content {
      key_vault_key_id         = var.kms_key_vault_key_id
      key_vault_network_access = var.kms_key_vault_network_access
    }
  }

  dynamic "key_vault_secrets_provider" {
    for_each = var.key_vault_secrets_provider_enabled ? [1] : []
    content {
      secret_rotation_enabled = var.secret_rotation_enabled
    }
  }

  dynamic "microsoft_defender" {
    for_each = var.microsoft_defender_enabled ? [1] : []
    content {}
  }
}

output "aks_id" { value = azurerm_kubernetes_cluster.main.id }
output "aks_name" { value = azurerm_kubernetes_cluster.main.name }
output "oidc_issuer_url" { value = azurerm_kubernetes_cluster.main.oidc_issuer_url }
output "host" { value = azurerm_kubernetes_cluster.main.kube_config[0].host }
output "cluster_identity" { value = try(azurerm_kubernetes_cluster.main.identity[0], null) }
output "kubelet_identity" { value = azurerm_kubernetes_cluster.main.kubelet_identity }
