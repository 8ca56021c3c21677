resource "aws_eks_cluster" "prod" { # expect: eks-secrets-not-encrypted-cmk
  name     = "prod"
  role_arn = "arn:aws:iam::123456789012:role/prod"
  version  = "1.35"
}
