resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  rbac_binding_config {
    enable_insecure_binding_system_unauthenticated = false
  }
}
