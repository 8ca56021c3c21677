resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  addons_config {
    kubernetes_dashboard {
      disabled = false # expect: gke-dashboard-enabled
    }
  }
}
