resource "google_project_iam_member" "this" {
  project = "shop"
  role    = "roles/iam.serviceAccountTokenCreator" # expect: gcp-iam-impersonation-role-wide
  member  = "group:developers@example.com"
}
