provider "kubernetes" {
  host     = "https://kubernetes.example.com"
  insecure = true # expect: provider-kubernetes-insecure
}
