resource "aws_iam_role" "node" {
  name = "prod-node"
}

resource "aws_eks_node_group" "web" {
  cluster_name  = "prod"
  node_role_arn = aws_iam_role.node.arn
}

data "aws_iam_policy_document" "node" {
  statement {
    actions   = ["logs:*", "dynamodb:DescribeTable"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "node" {
  role   = aws_iam_role.node.name
  policy = data.aws_iam_policy_document.node.json
}
