resource "kubernetes_persistent_volume" "data" {
  metadata {
    name = "data"
  }
  spec {
    capacity = {
      storage = "10Gi"
    }
    access_modes = ["ReadWriteOnce"]
    persistent_volume_source {
      host_path {
        path = "/srv/data" # expect: host-path-persistent-volume
      }
    }
  }
}
