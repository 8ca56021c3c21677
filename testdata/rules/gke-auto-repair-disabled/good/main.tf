resource "google_container_node_pool" "web" {
  cluster = "main"

  management {
    auto_repair = true
  }
}
