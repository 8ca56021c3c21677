variable "limit" {
  type = bool
}

resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  dynamic "master_authorized_networks_config" { # expect?: gke-master-authorized-networks-missing
    for_each = var.limit ? ["on"] : []

    content {
      cidr_blocks {
        cidr_block = "192.0.2.0/24"
      }
    }
  }
}
