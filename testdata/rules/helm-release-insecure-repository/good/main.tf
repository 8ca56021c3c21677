resource "helm_release" "web" {
  name       = "web"
  chart      = "web"
  repository = "https://charts.example.com"
  version    = "1.2.3"
}
