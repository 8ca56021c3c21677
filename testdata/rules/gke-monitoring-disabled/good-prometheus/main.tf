resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  monitoring_config {
    enable_components = []

    managed_prometheus {
      enabled = true
    }
  }
}
