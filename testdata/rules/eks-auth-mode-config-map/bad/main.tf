resource "aws_eks_cluster" "prod" {
  name     = "prod"
  role_arn = "arn:aws:iam::123456789012:role/prod"

  access_config {
    authentication_mode = "CONFIG_MAP" # expect: eks-auth-mode-config-map
  }
}
