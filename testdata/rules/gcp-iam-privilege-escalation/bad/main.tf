resource "google_service_account" "api" {
  account_id = "api"
}

resource "google_project_iam_custom_role" "tool" {
  role_id     = "tool"
  title       = "tool"
  permissions = ["resourcemanager.projects.setIamPolicy"]
}

resource "google_project_iam_member" "api" {
  project = "shop"
  role    = google_project_iam_custom_role.tool.id # expect: gcp-iam-privilege-escalation
  member  = google_service_account.api.member
}
