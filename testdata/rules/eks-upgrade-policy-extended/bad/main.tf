resource "aws_eks_cluster" "prod" {
  name     = "prod"
  role_arn = "arn:aws:iam::123456789012:role/prod"
  version  = "1.33"
  upgrade_policy {
    support_type = "EXTENDED" # expect: eks-upgrade-policy-extended
  }
}
