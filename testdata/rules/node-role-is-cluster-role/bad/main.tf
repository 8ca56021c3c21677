resource "aws_iam_role" "node" {
  name = "prod-node"
}

resource "aws_eks_node_group" "web" {
  cluster_name  = "prod"
  node_role_arn = aws_iam_role.node.arn
}

resource "aws_eks_cluster" "prod" {
  name     = "prod"
  role_arn = aws_iam_role.node.arn # expect: node-role-is-cluster-role
}
