variable "password" {
  type    = string
  default = "corner-office-42" # expect: secret-in-terraform-variable-default
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
