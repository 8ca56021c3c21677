resource "google_container_node_pool" "web" {
  cluster = "main"

  node_config {
    image_type = "COS_CONTAINERD"
  }
}
