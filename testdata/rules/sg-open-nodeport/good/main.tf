resource "aws_security_group" "this" {
  name = "this"

  ingress {
    from_port   = 30000
    to_port     = 32767
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}
