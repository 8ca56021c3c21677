resource "aws_eks_node_group" "web" {
  cluster_name = "prod"

  launch_template {
    id      = aws_launch_template.web.id
    version = aws_launch_template.web.latest_version
  }
}

resource "aws_launch_template" "web" {
  network_interfaces {
    associate_public_ip_address = true # expect: eks-node-public-ip
  }
}
