resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true
  enable_legacy_abac       = true # expect: gke-legacy-abac
}
