resource "aws_eks_cluster" "prod" { # expect: eks-logging-audit-disabled
  name     = "prod"
  role_arn = "arn:aws:iam::123456789012:role/prod"
}
