resource "aws_launch_template" "node" {
  metadata_options {
    http_tokens                 = "optional"
    http_put_response_hop_limit = 2 # expect: imds-hop-limit-too-high
  }
}

resource "aws_eks_node_group" "web" {
  cluster_name  = "prod"
  node_role_arn = "arn:aws:iam::123456789012:role/node"

  launch_template {
    id      = aws_launch_template.node.id
    version = aws_launch_template.node.latest_version
  }
}
