resource "google_storage_bucket_iam_member" "site" {
  bucket = "www-example-com"
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}
