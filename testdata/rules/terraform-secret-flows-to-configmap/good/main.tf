resource "random_password" "db" {
  length = 32
}

resource "kubernetes_secret" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
  }

  data = {
    KEY = random_password.db.result
  }
}
