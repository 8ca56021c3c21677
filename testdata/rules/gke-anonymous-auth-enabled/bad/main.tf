resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  anonymous_authentication_config {
    mode = "ENABLED" # expect: gke-anonymous-auth-enabled
  }
}
