resource "kubernetes_pod_v1" "web" {
  metadata { # expect: default-namespace-used
    name = "web"
  }
  spec {
    container {
      name  = "app"
      image = "registry.example/web:1.4.2"
    }
  }
}
