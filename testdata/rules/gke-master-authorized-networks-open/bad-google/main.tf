resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  master_authorized_networks_config {
    gcp_public_cidrs_access_enabled = true # expect: gke-master-authorized-networks-open

    cidr_blocks {
      cidr_block = "192.0.2.0/24"
    }
  }
}
