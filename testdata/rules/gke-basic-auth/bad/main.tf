resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  master_auth {
    username = "admin" # expect: gke-basic-auth
  }
}
