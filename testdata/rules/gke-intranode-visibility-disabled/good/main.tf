resource "google_container_cluster" "main" {
  name                        = "main"
  remove_default_node_pool    = true
  enable_intranode_visibility = true
}
