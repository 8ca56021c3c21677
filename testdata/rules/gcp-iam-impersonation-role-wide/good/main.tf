resource "google_service_account_iam_member" "deploy" {
  service_account_id = "projects/shop/serviceAccounts/deploy@shop.iam.gserviceaccount.com"
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = "group:developers@example.com"
}
