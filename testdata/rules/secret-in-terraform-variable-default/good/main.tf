variable "password" {
  type = string
  # No default: whoever applies it says what it is.
}

resource "helm_release" "grafana" {
  name       = "grafana"
  repository = "https://charts.example.com"
  chart      = "grafana"

  set_sensitive {
    name  = "adminPassword"
    value = var.password
  }
}
