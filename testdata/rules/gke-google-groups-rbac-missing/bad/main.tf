resource "google_container_cluster" "main" { # expect: gke-google-groups-rbac-missing
  name                     = "main"
  remove_default_node_pool = true

}
