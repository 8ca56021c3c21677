resource "google_container_node_pool" "web" {
  cluster = "main"

  node_config {
    image_type = "UBUNTU_CONTAINERD" # expect: gke-node-image-not-cos
  }
}
