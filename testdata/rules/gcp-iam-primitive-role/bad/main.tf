resource "google_service_account" "api" {
  account_id = "api"
}

resource "google_project_iam_member" "this" {
  project = "shop"
  role    = "roles/editor" # expect: gcp-iam-primitive-role
  member  = google_service_account.api.member
}
