resource "aws_eks_node_group" "web" {
  cluster_name = "prod"

  launch_template {
    id      = aws_launch_template.web.id
    version = aws_launch_template.web.latest_version
  }
}

resource "aws_launch_template" "web" {
  vpc_security_group_ids = [aws_security_group.nodes.id]
}

resource "aws_security_group" "nodes" {
  name = "nodes"

  ingress {
    from_port   = 31000
    to_port     = 31000
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"] # expect: sg-open-nodeport
  }
}
