resource "aws_iam_role" "node" {
  name = "prod-node"
}

resource "aws_eks_node_group" "web" {
  cluster_name  = "prod"
  node_role_arn = aws_iam_role.node.arn
}

variable "policies" {
  type = list(string)
}

resource "aws_iam_role_policy_attachment" "more" {
  for_each   = toset(var.policies)
  role       = aws_iam_role.node.name
  policy_arn = each.value
}
