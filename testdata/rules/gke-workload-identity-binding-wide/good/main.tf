resource "google_project_iam_member" "pods" {
  project = "shop"
  role    = "roles/pubsub.publisher"
  member  = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/shop.svc.id.goog/subject/ns/shop/sa/api"
}
