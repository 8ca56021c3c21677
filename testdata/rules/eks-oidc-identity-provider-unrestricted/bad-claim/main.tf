resource "aws_eks_identity_provider_config" "corp" {
  cluster_name = "prod"

  oidc { # expect: eks-oidc-identity-provider-unrestricted
    identity_provider_config_name = "corp"
    issuer_url                    = "https://login.example.com"
    client_id                     = "kubernetes"
    groups_claim                  = "groups"
  }
}
