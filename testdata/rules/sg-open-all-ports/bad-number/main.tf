# Terraform makes text of the number.
resource "aws_security_group" "this" {
  name = "this"

  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = -1
    cidr_blocks = ["0.0.0.0/0"] # expect: sg-open-all-ports
  }
}
