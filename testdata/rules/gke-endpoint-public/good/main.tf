resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  private_cluster_config {
    enable_private_endpoint = true
  }

  master_authorized_networks_config {
    cidr_blocks {
      cidr_block = "192.0.2.0/24"
    }
  }
}
