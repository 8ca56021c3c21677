resource "aws_eks_access_policy_association" "dev" {
  cluster_name  = "prod"
  principal_arn = "arn:aws:iam::123456789012:role/developers"
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy" # expect: eks-access-entry-wide-admin-policy

  access_scope {
    type = "cluster"
  }
}
