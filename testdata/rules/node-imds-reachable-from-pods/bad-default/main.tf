resource "aws_eks_node_group" "web" { # expect: node-imds-reachable-from-pods
  cluster_name  = "prod"
  node_role_arn = "arn:aws:iam::123456789012:role/node"
  ami_type      = "AL2_x86_64"
}
