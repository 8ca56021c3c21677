resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  database_encryption {
    state = "ENCRYPTED"
  }
}
