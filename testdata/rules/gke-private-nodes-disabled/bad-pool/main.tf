resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  private_cluster_config {
    enable_private_nodes = true
  }
}

resource "google_container_node_pool" "edge" {
  cluster = google_container_cluster.main.id

  network_config {
    enable_private_nodes = false # expect: gke-private-nodes-disabled
  }
}
