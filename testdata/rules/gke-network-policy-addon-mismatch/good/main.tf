resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  network_policy {
    enabled = true
  }

  addons_config {
    network_policy_config {
      disabled = false
    }
  }
}
