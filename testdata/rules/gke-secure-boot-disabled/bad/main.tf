resource "google_container_node_pool" "web" {
  cluster = "main"

  node_config {
    shielded_instance_config {
      enable_secure_boot = false # expect: gke-secure-boot-disabled
    }
  }
}
