resource "google_project_iam_member" "pods" {
  project = "shop"
  role    = "roles/pubsub.publisher"
  member  = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/shop.svc.id.goog/namespace/shop" # expect: gke-workload-identity-binding-wide
}
