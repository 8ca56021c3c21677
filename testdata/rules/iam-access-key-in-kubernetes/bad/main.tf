resource "aws_iam_access_key" "bot" {
  user = "bot"
}

resource "kubernetes_secret" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
  }

  data = {
    KEY = aws_iam_access_key.bot.secret # expect: iam-access-key-in-kubernetes
  }
}
