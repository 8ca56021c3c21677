resource "google_container_cluster" "main" {
  name                     = "main"
  remove_default_node_pool = true

  workload_identity_config {
    workload_pool = "shop.svc.id.goog"
  }
}

resource "google_container_node_pool" "web" {
  cluster = google_container_cluster.main.id

  node_config {
    service_account = "default" # expect: gke-node-default-service-account
  }
}
