resource "aws_iam_role" "node" {
  name = "prod-node"
}

resource "aws_iam_role" "payments" {
  name = "prod-payments-node"
}

resource "aws_eks_node_group" "web" {
  cluster_name  = "prod"
  node_role_arn = aws_iam_role.node.arn
}

resource "aws_eks_node_group" "payments" {
  cluster_name  = "prod"
  node_role_arn = aws_iam_role.payments.arn

  taint {
    key    = "team"
    value  = "payments"
    effect = "NO_SCHEDULE"
  }
}
