resource "google_service_account" "api" {
  account_id = "api"
}

resource "google_project_iam_custom_role" "tool" {
  role_id     = "tool"
  title       = "tool"
  permissions = ["resourcemanager.projects.get"]
}

resource "google_project_iam_member" "api" {
  project = "shop"
  role    = google_project_iam_custom_role.tool.id
  member  = google_service_account.api.member
}
