resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  security_posture_config {
    mode = "DISABLED" # expect: gke-security-posture-disabled
  }
}
