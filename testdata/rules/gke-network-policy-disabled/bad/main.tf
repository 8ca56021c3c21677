resource "google_container_cluster" "main" { # expect: gke-network-policy-disabled
  name                     = "main"
  remove_default_node_pool = true

}
