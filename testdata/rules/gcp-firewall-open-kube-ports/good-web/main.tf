resource "google_compute_firewall" "nodes" {
  name          = "nodes"
  network       = "main"
  source_ranges = ["0.0.0.0/0"]

  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}
