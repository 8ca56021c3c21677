# The release makes the namespace; what else is there lies elsewhere.
resource "helm_release" "web" {
  name             = "web"
  namespace        = "shop"
  create_namespace = true
  chart            = "./charts/web"
}

resource "helm_release" "policies" {
  name       = "policies"
  namespace  = "shop"
  chart      = "policies"
  repository = "https://charts.example.com"
}
