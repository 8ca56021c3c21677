resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  control_plane_endpoints_config {
    dns_endpoint_config {
      allow_external_traffic = false
    }
  }
}
