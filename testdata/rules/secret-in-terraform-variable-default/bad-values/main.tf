resource "helm_release" "grafana" {
  name       = "grafana"
  repository = "https://charts.example.com"
  chart      = "grafana"

  values = [yamlencode({
    admin = {
      existingSecret = "grafana-admin"
    }
    database = {
      password = "corner-office-42" # expect: secret-in-terraform-variable-default
    }
  })]
}
