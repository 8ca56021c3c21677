# The cluster of terraform-google-modules/kubernetes-engine/google and of its module private-cluster.

variable "version" {}
variable "source" {}

variable "project_id" { default = null }
variable "name" { default = null }
variable "node_pools" {
  default  = [{ name = "default-node-pool" }]
  nullable = false
}
variable "create_service_account" {
  default  = true
  nullable = false
}
variable "service_account" {
  default  = ""
  nullable = false
}
variable "service_account_name" {
  default  = ""
  nullable = false
}
variable "generated_service_account_name" {}
variable "identity_namespace" {
  default  = "enabled"
  nullable = false
}
variable "node_metadata" {
  default  = "GKE_METADATA"
  nullable = false
}
variable "disable_legacy_metadata_endpoints" {
  default  = true
  nullable = false
}
variable "enable_shielded_nodes" {
  default  = true
  nullable = false
}
variable "network_policy" {
  default  = false
  nullable = false
}
variable "datapath_provider" {
  default  = "DATAPATH_PROVIDER_UNSPECIFIED"
  nullable = false
}
variable "master_authorized_networks" {
  default  = []
  nullable = false
}
variable "issue_client_certificate" {
  default  = false
  nullable = false
}
variable "enable_binary_authorization" {
  default  = false
  nullable = false
}
variable "enable_private_endpoint" { default = false }
variable "enable_private_nodes" { default = null }
variable "database_encryption" {
  default  = [{ state = "DECRYPTED", key_name = "" }]
  nullable = false
}
variable "release_channel" { default = "REGULAR" }
variable "node_pools_oauth_scopes" {
  default  = { all = ["https://www.googleapis.com/auth/cloud-platform"] }
  nullable = false
}

locals {
  owns_account = var.create_service_account && (var.service_account == "" || var.service_account == "create")
  account      = local.owns_account ? google_service_account.cluster_service_account[0].email : var.service_account
  # Only the module for private clusters has the input; it turned to true in 33.
  is_private    = strcontains(var.source, "private-cluster")
  private_nodes = local.is_private && (var.enable_private_nodes == null ? var.version >= 33 : var.enable_private_nodes)

  pools = { for pool in var.node_pools : pool.name => pool }
}

resource "google_service_account" "cluster_service_account" {
  count = var.create_service_account ? 1 : 0

  project    = var.project_id
  account_id = var.service_account_name == "" ? var.generated_service_account_name : var.service_account_name
}

resource "google_container_cluster" "primary" {
  project               = var.project_id
  name                  = var.name
  datapath_provider     = var.datapath_provider
  enable_shielded_nodes = var.enable_shielded_nodes

  master_auth {
    client_certificate_config {
      issue_client_certificate = var.issue_client_certificate
    }
  }

  dynamic "network_policy" {
    for_each = var.network_policy ? [1] : []
    content {
      enabled = true
    }
  }

  dynamic "release_channel" {
    for_each = var.release_channel == null ? [] : [1]
    content {
      channel = var.release_channel
    }
  }

  dynamic "binary_authorization" {
    for_each = var.enable_binary_authorization ? [1] : []
    content {
      evaluation_mode = "PROJECT_SINGLETON_POLICY_ENFORCE"
    }
  }

  dynamic "master_authorized_networks_config" {
    for_each = length(var.master_authorized_networks) > 0 ? [1] : []
    content {
      dynamic "cidr_blocks" {
        for_each = var.master_authorized_networks
        content {
          cidr_block   = cidr_blocks.value.cidr_block
          display_name = try(cidr_blocks.value.display_name, "")
        }
      }
    }
  }

  dynamic "database_encryption" {
    for_each = var.database_encryption
    content {
      state    = database_encryption.value.state
      key_name = database_encryption.value.key_name
    }
  }

  dynamic "workload_identity_config" {
    for_each = var.identity_namespace == "" ? [] : [1]
    content {
      workload_pool = var.identity_namespace == "enabled" ? "${var.project_id}.svc.id.goog" : var.identity_namespace
    }
  }

  dynamic "private_cluster_config" {
    for_each = local.private_nodes ? [1] : []
    content {
      enable_private_endpoint = var.enable_private_endpoint
      enable_private_nodes    = true
    }
  }
}

resource "google_container_node_pool" "pools" {
  for_each = local.pools

  project = var.project_id
  name    = each.key
  cluster = google_container_cluster.primary.name

  node_config {
    service_account = try(each.value.service_account, local.account)
    metadata = {
      disable-legacy-endpoints = tostring(var.disable_legacy_metadata_endpoints)
    }
    oauth_scopes = concat(try(var.node_pools_oauth_scopes.all, []), try(var.node_pools_oauth_scopes[each.key], []))
    dynamic "workload_metadata_config" {
      for_each = try(each.value.node_metadata, var.node_metadata) == "UNSPECIFIED" ? [] : [1]
      content {
        mode = lookup({ GKE_METADATA_SERVER = "GKE_METADATA", EXPOSE = "GCE_METADATA" }, try(each.value.node_metadata, var.node_metadata), try(each.value.node_metadata, var.node_metadata))
      }
    }
    shielded_instance_config {
      enable_secure_boot          = try(each.value.enable_secure_boot, false)
      enable_integrity_monitoring = try(each.value.enable_integrity_monitoring, true)
    }
  }
}

output "name" { value = google_container_cluster.primary.name }
output "cluster_id" { value = google_container_cluster.primary.id }
output "endpoint" { value = google_container_cluster.primary.endpoint }
output "service_account" { value = local.account }
output "identity_namespace" { value = try(google_container_cluster.primary.workload_identity_config[0].workload_pool, null) }
