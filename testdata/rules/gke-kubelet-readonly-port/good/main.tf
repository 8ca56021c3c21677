resource "google_container_node_pool" "web" {
  cluster = "main"

  node_config {
    kubelet_config {
      insecure_kubelet_readonly_port_enabled = "FALSE"
    }
  }
}
