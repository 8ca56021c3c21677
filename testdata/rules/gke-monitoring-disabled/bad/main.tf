resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true
  monitoring_service       = "none" # expect: gke-monitoring-disabled
}
