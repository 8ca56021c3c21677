resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  private_cluster_config {
    enable_private_endpoint = true
  }
}
