resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true
}

resource "google_container_node_pool" "web" {
  cluster = google_container_cluster.main.id

  network_config {
    enable_private_nodes = true
  }
}
