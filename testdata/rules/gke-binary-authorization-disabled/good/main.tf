resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  binary_authorization {
    evaluation_mode = "PROJECT_SINGLETON_POLICY_ENFORCE"
  }
}
