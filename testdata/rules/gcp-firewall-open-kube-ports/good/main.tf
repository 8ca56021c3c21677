resource "google_compute_firewall" "nodes" {
  name          = "nodes"
  network       = "main"
  source_ranges = ["10.0.0.0/8"]

  allow {
    protocol = "tcp"
    ports    = ["22", "10250"]
  }
}
