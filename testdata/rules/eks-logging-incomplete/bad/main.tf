resource "aws_eks_cluster" "prod" {
  name                      = "prod"
  role_arn                  = "arn:aws:iam::123456789012:role/prod"
  enabled_cluster_log_types = ["audit"] # expect: eks-logging-incomplete
}
