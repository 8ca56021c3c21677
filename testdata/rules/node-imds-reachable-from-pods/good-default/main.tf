resource "aws_eks_node_group" "web" {
  cluster_name  = "prod"
  node_role_arn = "arn:aws:iam::123456789012:role/node"
  ami_type      = "AL2023_x86_64_STANDARD"
}
