variable "password" {
  type = string
}

resource "kubernetes_job_v1" "dump" {
  metadata {
    name = "dump"
  }
  spec {
    template {
      metadata {}
      spec {
        container {
          name  = "dump"
          image = "registry.example/mysql:8.4.2"
          args  = ["mysqldump", "--password=${var.password}", "shop"]
        }
      }
    }
  }
}
