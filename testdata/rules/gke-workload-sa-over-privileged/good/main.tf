resource "google_service_account" "api" {
  account_id = "api"
}

resource "google_service_account_iam_member" "pods" {
  service_account_id = google_service_account.api.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:shop.svc.id.goog[shop/api]"
}

resource "google_project_iam_member" "this" {
  project = "shop"
  role    = "roles/pubsub.publisher"
  member  = google_service_account.api.member
}
