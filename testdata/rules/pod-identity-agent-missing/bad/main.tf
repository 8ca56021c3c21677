resource "aws_eks_cluster" "prod" { # expect: pod-identity-agent-missing
  name = "prod"
}

resource "aws_eks_addon" "this" {
  cluster_name = aws_eks_cluster.prod.name
  addon_name   = "coredns"
}

resource "aws_eks_pod_identity_association" "web" {
  cluster_name    = aws_eks_cluster.prod.name
  namespace       = "shop"
  service_account = "web"
  role_arn        = "arn:aws:iam::123456789012:role/web"
}
