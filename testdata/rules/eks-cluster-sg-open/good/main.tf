resource "aws_security_group" "this" {
  name = "this"

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_eks_cluster" "prod" {
  name = "prod"

  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = [aws_security_group.this.id]
  }
}
