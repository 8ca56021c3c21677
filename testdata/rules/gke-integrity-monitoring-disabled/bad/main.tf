resource "google_container_node_pool" "web" {
  cluster = "main"

  node_config {
    shielded_instance_config {
      enable_integrity_monitoring = false # expect: gke-integrity-monitoring-disabled
    }
  }
}
