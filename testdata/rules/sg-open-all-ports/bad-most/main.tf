resource "aws_security_group" "this" {
  name = "this"

  ingress {
    from_port   = 1024
    to_port     = 65535
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"] # expect: sg-open-all-ports
  }
}
