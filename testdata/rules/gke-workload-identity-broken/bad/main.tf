resource "google_container_cluster" "main" {
  name = "main"

  workload_identity_config {
    workload_pool = "shop.svc.id.goog"
  }
}

resource "google_service_account" "web" {
  account_id = "web"
  project    = "shop"
}

resource "google_service_account_iam_member" "web" {
  service_account_id = google_service_account.web.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:shop.svc.id.goog[web/web]"
}

resource "kubernetes_service_account" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
    annotations = {
      "iam.gke.io/gcp-service-account" = google_service_account.web.email # expect: gke-workload-identity-broken
    }
  }
}
