resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true
  logging_service          = "logging.googleapis.com/kubernetes"
}
