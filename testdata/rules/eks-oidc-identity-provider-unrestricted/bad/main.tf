resource "aws_eks_identity_provider_config" "corp" {
  cluster_name = "prod"

  oidc {
    identity_provider_config_name = "corp"
    issuer_url                    = "https://login.example.com"
    client_id                     = "kubernetes"
    groups_prefix                 = "-" # expect: eks-oidc-identity-provider-unrestricted
    username_prefix               = "oidc:"
  }
}
