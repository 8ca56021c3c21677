variable "password" {
  type      = string
  sensitive = true
}

resource "kubernetes_config_map" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
  }

  data = {
    KEY = var.password # expect: terraform-secret-flows-to-configmap
  }
}
