resource "aws_eks_access_entry" "ops" {
  cluster_name      = "prod"
  principal_arn     = "arn:aws:iam::123456789012:role/ops"
  kubernetes_groups = ["system:masters"] # expect: eks-access-entry-system-group
}
