provider "kubernetes" {
  host                   = "https://kubernetes.example.com"
  cluster_ca_certificate = "-----BEGIN CERTIFICATE-----"

  exec {
    api_version = "client.authentication.k8s.io/v1"
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "prod"]
  }
}
