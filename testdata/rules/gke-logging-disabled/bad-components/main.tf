resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  logging_config {
    enable_components = [] # expect: gke-logging-disabled
  }
}
