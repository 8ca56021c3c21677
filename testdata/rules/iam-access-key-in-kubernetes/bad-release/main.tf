resource "aws_iam_access_key" "bot" {
  user = "bot"
}

resource "helm_release" "backup" {
  name       = "backup"
  repository = "https://charts.example.com"
  chart      = "backup"

  set_sensitive {
    name  = "secretKey"
    value = aws_iam_access_key.bot.secret # expect: iam-access-key-in-kubernetes
  }
}
