resource "google_service_account_key" "bot" {
  service_account_id = "bot"
}

resource "kubernetes_secret" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
  }

  data = {
    KEY = google_service_account_key.bot.private_key # expect: gke-service-account-key-in-kubernetes
  }
}
