variable "host" {
  type = string
}

resource "kubernetes_config_map" "alerts" {
  metadata {
    name      = "alerts"
    namespace = "tools"
  }

  data = {
    "alerts.ini" = <<-EOT
      host = ${var.host}
      password = corner-office-42 # expect: secret-in-configmap
    EOT
  }
}
