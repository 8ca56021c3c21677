resource "helm_release" "web" {
  name  = "web"
  chart = "https://charts.example.com/web-1.2.3.tgz"
}
