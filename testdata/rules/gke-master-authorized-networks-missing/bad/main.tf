resource "google_container_cluster" "main" { # expect: gke-master-authorized-networks-missing
  name                     = "main"
  remove_default_node_pool = true

}
