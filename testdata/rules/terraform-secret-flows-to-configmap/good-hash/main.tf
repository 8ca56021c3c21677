# A checksum shows that the password changed, not what it is.
resource "random_password" "db" {
  length = 32
}

resource "kubernetes_config_map" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
  }

  data = {
    CHECKSUM = sha256(random_password.db.result)
  }
}
