variable "private" {
  type = bool
}

resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  dynamic "private_cluster_config" {
    for_each = var.private ? [1] : []

    content {
      enable_private_nodes = true # expect?: gke-private-nodes-disabled
    }
  }
}
