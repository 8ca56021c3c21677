resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true
  datapath_provider        = "ADVANCED_DATAPATH"
}
