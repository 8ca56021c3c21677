resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true
  min_master_version       = "1.35"
}
