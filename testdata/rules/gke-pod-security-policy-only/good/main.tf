resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  pod_security_policy_config {
    enabled = false
  }
}
