resource "google_container_node_pool" "web" {
  cluster = "main"

  management {
    auto_upgrade = "false" # expect: gke-auto-upgrade-disabled
  }
}
