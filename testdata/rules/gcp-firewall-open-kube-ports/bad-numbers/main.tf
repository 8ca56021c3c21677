resource "google_compute_firewall" "nodes" {
  name          = "nodes"
  network       = "main"
  source_ranges = ["0.0.0.0/0"] # expect: gcp-firewall-open-kube-ports

  allow {
    protocol = "TCP"
    ports    = [22]
  }
}
