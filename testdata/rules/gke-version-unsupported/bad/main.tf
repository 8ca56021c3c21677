resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true
  min_master_version       = "1.30.4-gke.100" # expect: gke-version-unsupported
}
