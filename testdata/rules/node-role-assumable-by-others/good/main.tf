data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "node" {
  name               = "prod-node"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_eks_node_group" "web" {
  cluster_name  = "prod"
  node_role_arn = aws_iam_role.node.arn
}
