resource "aws_eks_cluster" "prod" {
  name = "prod"
}

resource "aws_iam_role" "node" {
  name = "node"
}

resource "aws_launch_template" "node" {
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}

resource "aws_eks_node_group" "web" {
  cluster_name  = aws_eks_cluster.prod.name
  node_role_arn = aws_iam_role.node.arn

  launch_template {
    id      = aws_launch_template.node.id
    version = aws_launch_template.node.latest_version
  }
}
