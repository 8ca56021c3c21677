resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  authenticator_groups_config {
    security_group = "gke-security-groups@example.com"
  }
}
