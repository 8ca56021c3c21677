resource "google_service_account" "nodes" {
  account_id = "nodes"
}

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
    service_account = google_service_account.nodes.email
  }
}

resource "google_project_iam_member" "this" {
  project = "shop"
  role    = "roles/editor" # expect: gke-node-sa-over-privileged
  member  = google_service_account.nodes.member
}
