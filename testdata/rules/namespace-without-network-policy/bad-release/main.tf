# The release makes the namespace, so all of it is here.
resource "helm_release" "web" {
  name             = "web"
  namespace        = "shop"
  create_namespace = true
  chart            = "./charts/web"
}
