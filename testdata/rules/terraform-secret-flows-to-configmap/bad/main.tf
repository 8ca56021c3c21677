resource "random_password" "db" {
  length = 32
}

resource "kubernetes_config_map" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
  }

  data = {
    KEY = random_password.db.result # expect: terraform-secret-flows-to-configmap
  }
}
