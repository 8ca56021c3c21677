resource "aws_eks_pod_identity_association" "web" {
  cluster_name    = "prod"
  namespace       = "shop"
  service_account = "wbe" # expect: pod-identity-association-orphan
  role_arn        = "arn:aws:iam::123456789012:role/web"
}
