resource "google_container_cluster" "main" { # expect: gke-workload-identity-disabled
  name = "main"
}
