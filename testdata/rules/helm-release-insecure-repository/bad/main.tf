resource "helm_release" "web" {
  name       = "web"
  chart      = "web"
  repository = "http://charts.example.com" # expect: helm-release-insecure-repository
  version    = "1.2.3"
}
