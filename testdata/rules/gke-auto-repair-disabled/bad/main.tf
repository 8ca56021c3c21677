resource "google_container_node_pool" "web" {
  cluster = "main"

  management {
    auto_repair = false # expect: gke-auto-repair-disabled
  }
}
