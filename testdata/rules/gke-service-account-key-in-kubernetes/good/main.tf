resource "google_service_account" "bot" {
  account_id = "bot"
}

resource "kubernetes_secret" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
  }

  data = {
    KEY = google_service_account.bot.email
  }
}
