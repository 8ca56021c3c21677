resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }
}
