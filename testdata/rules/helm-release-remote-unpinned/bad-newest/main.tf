resource "helm_release" "web" { # expect: helm-release-remote-unpinned
  name  = "web"
  chart = "oci://registry.example.com/charts/web"
}
