resource "kubernetes_config_map" "alerts" {
  metadata {
    name      = "alerts"
    namespace = "tools"
  }

  data = {
    "alerts.yml" = yamlencode({
      mail = {
        host     = "mail.example.com:587"
        password = "corner-office-42" # expect: secret-in-configmap
      }
    })
  }
}
